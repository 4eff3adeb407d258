/**
 * A WIC that needs no network, for tests and previews of user interfaces.
 *
 * @module
 */
export { InMemoryCall, type OpenMedia } from './testing/in-memory-call.ts';
export { InMemoryNetwork } from './testing/in-memory-network.ts';
export { InMemoryPreCallTest, preCallDone, preCallIdle } from './testing/in-memory-pre-call-test.ts';
export { InMemoryWic, type InMemoryWicOptions } from './testing/in-memory-wic.ts';
export { type Mounted, mount, settle } from './testing/mount.ts';
