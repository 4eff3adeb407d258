export { addressList, ConfigInvalid, fileAt, readEnvironment } from './configuration.ts';
export { type ConnectionLimits, followConnections } from './connections.ts';
export { Html, type HtmlValue, html } from './html.ts';
export { AddressInUse, type ListenAddress, listen, listenAt } from './listen.ts';
export { createLogger, type Logger, type LogLevel, type LogLine } from './logger.ts';
export { networkOf } from './network-of.ts';
export { Operations } from './operations.ts';
export type { OperationsAnswer, OperationsRequest, RouteHandler } from './operations-routes.ts';
export {
  hashPassword,
  isPassword,
  passwordHashPattern,
  passwordMaxLength,
  passwordMinLength,
} from './password-hash.ts';
export { createProcessContext, type ProcessContext, type RunningFunction } from './process-context.ts';
export { processSchema, runProcess } from './run-process.ts';
export { readAuthorities, readTlsMaterial, type TlsMaterial } from './tls-material.ts';
export { WorkSlots } from './work-slots.ts';
