/**
 * What the HSS refuses to do for an operator.
 *
 * @module
 */

export abstract class HssError extends Error {
  /** The discriminant of {@link AnyHssError}. */
  abstract readonly code: `ERR_HSS_${string}`;
  /** Status code of the answer of the provisioning API. */
  abstract readonly statusCode: number;
}

/** One thing that is wrong with an input. */
export interface InputFault {
  /** Where, e.g. `impus.0.impu`; empty means the whole. */
  readonly path: string;
  readonly expected: string;
}

/** An input is not what was expected. The values themselves are never repeated. */
export class InputInvalid extends HssError {
  readonly code = 'ERR_HSS_INPUT_INVALID';
  readonly statusCode = 400;
  readonly faults: readonly InputFault[];

  constructor(faults: readonly InputFault[]) {
    super(faults.map(({ path, expected }) => (path === '' ? expected : `${path}: ${expected}`)).join('; '));
    this.faults = faults;
  }
}

/** No subscription has this private identity. */
export class SubscriptionUnknown extends HssError {
  readonly code = 'ERR_HSS_SUBSCRIPTION_UNKNOWN';
  readonly statusCode = 404;

  constructor() {
    super('impi: expected the private identity of a subscription');
  }
}

/** Another subscription has this private identity. */
export class SubscriptionExists extends HssError {
  readonly code = 'ERR_HSS_SUBSCRIPTION_EXISTS';
  readonly statusCode = 409;

  constructor() {
    super('impi: expected a private identity that no subscription has');
  }
}

/** Public identities belong to one subscription only. */
export class ImpuTaken extends HssError {
  readonly code = 'ERR_HSS_IMPU_TAKEN';
  readonly statusCode = 409;

  constructor(index: number) {
    super(`impus.${index}.impu: expected a public identity that no other subscription has`);
  }
}

/** The user is a member of a range and has what the range has. */
export class RangeMember extends HssError {
  readonly code = 'ERR_HSS_RANGE_MEMBER';
  readonly statusCode = 409;

  constructor() {
    super('impi: expected the private identity of a subscription that is no member of a range');
  }
}

/** No range has this pattern of private identities. */
export class RangeUnknown extends HssError {
  readonly code = 'ERR_HSS_RANGE_UNKNOWN';
  readonly statusCode = 404;

  constructor() {
    super('impi: expected the pattern of private identities of a range');
  }
}

/** An identity could be a member of two ranges. */
export class RangesOverlap extends HssError {
  readonly code = 'ERR_HSS_RANGES_OVERLAP';
  readonly statusCode = 409;

  constructor(field: 'impi' | 'impu') {
    super(`${field}: expected a pattern that no other range overlaps`);
  }
}

/** As many ranges exist as may. */
export class RangesTooMany extends HssError {
  readonly code = 'ERR_HSS_RANGES_TOO_MANY';
  readonly statusCode = 409;

  constructor(limit: number) {
    super(`expected at most ${limit} ranges`);
  }
}

/** Too many changes of one subscription wait for one another. */
export class SubscriptionBusy extends HssError {
  readonly code = 'ERR_HSS_SUBSCRIPTION_BUSY';
  readonly statusCode = 503;

  constructor(limit: number) {
    super(`impi: expected at most ${limit} changes at a time`);
  }
}

/** The Host is not this machine's loopback: another name was made to point here (RFC 9110 15.5.20). */
export class HostMisdirected extends HssError {
  readonly code = 'ERR_HSS_HOST_MISDIRECTED';
  readonly statusCode = 421;

  constructor() {
    super('Host: expected a loopback address or localhost');
  }
}

/** A web page made the request: provisioning is not for browsers. */
export class BrowserRefused extends HssError {
  readonly code = 'ERR_HSS_BROWSER_REFUSED';
  readonly statusCode = 403;

  constructor(header: string) {
    super(`${header}: expected a request that no web page made`);
  }
}

export type AnyHssError =
  | InputInvalid
  | SubscriptionUnknown
  | SubscriptionExists
  | ImpuTaken
  | RangeMember
  | RangesOverlap
  | RangesTooMany
  | RangeUnknown
  | SubscriptionBusy
  | HostMisdirected
  | BrowserRefused;
