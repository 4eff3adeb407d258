/**
 * What a registered flow is called: private identity, instance and reg-id (RFC 5626 4.2), not the socket it runs on.
 *
 * A WIC that reconnects and registers again takes its flow over.
 *
 * @module
 */

export interface FlowName {
  readonly impi: string;
  /** `+sip.instance` without quotes; an opaque value of the connection's own where the contact has none. */
  readonly instance: string;
  /** 1 and up; 0 where the contact has none. */
  readonly regId: number;
}

/** One text a name, for keys. */
export function flowKey({ impi, instance, regId }: FlowName): string {
  return JSON.stringify([impi, instance, regId]);
}

/** The inverse of {@link flowKey}; undefined where `text` is something else. */
export function findFlowName(text: string): FlowName | undefined {
  const parts: unknown = JSON.parse(text);
  if (!Array.isArray(parts)) return undefined;
  const [impi, instance, regId] = parts as readonly unknown[];
  if (typeof impi !== 'string' || typeof instance !== 'string' || typeof regId !== 'number') return undefined;
  return { impi, instance, regId };
}
