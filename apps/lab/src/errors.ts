/**
 * What keeps a lab from starting.
 *
 * @module
 */

export abstract class LabError extends Error {
  abstract readonly code: `ERR_LAB_${string}`;
}

/** The command line says something the lab does not know. */
export class CommandLineInvalid extends LabError {
  readonly code = 'ERR_LAB_COMMAND_LINE_INVALID';
}

/** A file of the state folder is not what the lab wrote. */
export class StateDamaged extends LabError {
  readonly code = 'ERR_LAB_STATE_DAMAGED';
}

/** The WIC could not be built. */
export class WicBuildFailed extends LabError {
  readonly code = 'ERR_LAB_WIC_BUILD_FAILED';
}
