/**
 * The TURN servers that can stand behind the same configuration.
 *
 * @module
 */

export const engineNames = ['builtin', 'coturn', 'node-turn'] as const;

export type EngineName = (typeof engineNames)[number];
