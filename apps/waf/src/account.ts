/**
 * The command line for accounts, as a program.
 *
 * @module
 */
import { runAccountCommand } from './run-account-command.ts';

process.exitCode = await runAccountCommand(process.argv.slice(2), process);
