/**
 * Writes an entry of TURN_USERS_FILE for the user name and realm on its command line; the password is the first line of
 * standard input, and nowhere else.
 *
 *     node src/authentication/add-user.ts <user name> <realm>
 *
 * @module
 */
import { createInterface } from 'node:readline';
import { createStaticUser } from './static-users.ts';

const [username = '', realm = ''] = process.argv.slice(2);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const first = await lines.next();
process.stdin.destroy();
const user = createStaticUser(username, realm, first.done === true ? '' : first.value);
if (user === undefined) {
  process.stderr.write(
    'expected user name and realm as arguments, the password on standard input; none of them empty\n',
  );
  process.exitCode = 1;
} else {
  process.stdout.write(`${JSON.stringify(user)}\n`);
}
