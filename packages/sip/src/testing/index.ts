export { createOutgoing, createRequest, MemoryElement, namesOf, type RequestShape } from './memory-element.ts';
export { MemoryFlow, type MemoryFlowOptions } from './memory-flow.ts';
export { type Example, exampleOctets, invitationExamples, registrationExamples } from './rfc3261-examples.ts';
export { VirtualClock } from './virtual-clock.ts';
