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

/** The state folder cannot be made, read or written. */
export class StateFolderUnusable extends LabError {
  readonly code = 'ERR_LAB_STATE_FOLDER_UNUSABLE';
}

/** The state folder holds things of somebody else. */
export class StateFolderForeign extends LabError {
  readonly code = 'ERR_LAB_STATE_FOLDER_FOREIGN';
}

/** Another lab is using the state folder. */
export class StateFolderInUse extends LabError {
  readonly code = 'ERR_LAB_STATE_FOLDER_IN_USE';
}

/** A page that the lab serves could not be built. */
export class PageBuildFailed extends LabError {
  readonly code = 'ERR_LAB_PAGE_BUILD_FAILED';
}
