/**
 * The calls of an operator where the engine has no way to answer them: 501, with the reason.
 *
 * @module
 */
import type { Operations } from '@wicgate/node-kit';
import type { Config } from '../config.ts';

const calls = [
  ['POST', '/turn/revocations'],
  ['POST', '/turn/drain'],
  ['DELETE', '/turn/drain'],
  ['GET', '/turn/allocations'],
] as const;

/** Adds the routes where an operator's token says that they shall be; what is returned removes them. */
export function refuseOperatorCalls(engine: string, config: Config, operations: Operations): () => void {
  if (config.TURN_OPERATOR_TOKEN === undefined) return () => undefined;
  const error = `${engine} cannot be told this while it runs; TURN_ENGINE=builtin can`;
  const removers = calls.map(([method, path]) =>
    operations.addRoute(method, path, () => ({ status: 501, body: { error } })),
  );
  return () => {
    for (const remove of removers) remove();
  };
}
