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
  /** An emergency registration stands beside the ordinary one of the same instance and reg-id (TS 24.229 7.2A.13). */
  readonly isEmergency?: boolean;
}

/** Marks the key of an emergency registration. */
const emergencyMark = 'sos';

/** One text a name, for keys. */
export function flowKey({ impi, instance, regId, isEmergency = false }: FlowName): string {
  return JSON.stringify([impi, instance, regId, ...(isEmergency ? [emergencyMark] : [])]);
}

/** The inverse of {@link flowKey}; undefined where `text` is something else. */
export function findFlowName(text: string): FlowName | undefined {
  const parts: unknown = JSON.parse(text);
  if (!Array.isArray(parts)) return undefined;
  const [impi, instance, regId, mark] = parts as readonly unknown[];
  if (typeof impi !== 'string' || typeof instance !== 'string' || typeof regId !== 'number') return undefined;
  return { impi, instance, regId, ...(mark === emergencyMark && { isEmergency: true }) };
}
