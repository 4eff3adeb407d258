/**
 * What server location asks of DNS; the answers come injected (RFC 3263 3).
 *
 * @module
 */

/** RFC 3403 4.1, as far as RFC 3263 needs it. */
export interface NaptrRecord {
  /** The lowest comes first; a higher one is not looked at once a record could be used. */
  readonly order: number;
  /** The lowest comes first among those of one order. */
  readonly preference: number;
  /** RFC 3263 uses `s` alone: an SRV name follows. */
  readonly flags: string;
  /** Such as `SIPS+D2T`; case does not matter. */
  readonly service: string;
  readonly replacement: string;
}

/** RFC 2782. */
export interface SrvRecord {
  /** The lowest comes first. */
  readonly priority: number;
  /** The share of those of one priority, 0 to 65535. */
  readonly weight: number;
  readonly port: number;
  /** A host name; `.` says that there is no such service. */
  readonly target: string;
}

/**
 * Answers of DNS. Each method resolves to an empty list where there is no such name or record, and rejects where nothing
 * is known: no answer in time, or a server that failed. Names come without a dot at the end.
 */
export interface Resolver {
  naptr(name: string): Promise<readonly NaptrRecord[]>;
  srv(name: string): Promise<readonly SrvRecord[]>;
  /** IPv4 addresses. */
  a(name: string): Promise<readonly string[]>;
  /** IPv6 addresses, without brackets. */
  aaaa(name: string): Promise<readonly string[]>;
}
