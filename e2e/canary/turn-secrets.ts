/**
 * What operator and TURN server of a canary lab share beside Km: the operator's token, and a user whose key does not end.
 *
 * @module
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LabPorts } from '@wicgate/lab';
import type { PasswordLogin } from '@wicgate/turn-client';
import { askHttp } from './ask-http.ts';
import type { Canaries } from './canaries.ts';

/** That of every lab. */
const realm = 'ims.example';

export class TurnSecrets {
  /** A user of TURN_USERS_FILE. */
  readonly staticUser: PasswordLogin = { username: 'probe', password: randomBytes(15).toString('base64url') };
  readonly operatorToken: string = randomBytes(30).toString('base64url');
  /** Outside the lab's own folder, which has to be empty when the lab starts. */
  readonly #folder = mkdtempSync(join(tmpdir(), 'wicgate-canary-turn-'));

  constructor() {
    const user = { username: this.staticUser.username, md5: this.#key('md5'), sha256: this.#key('sha256') };
    writeFileSync(this.#usersFile, JSON.stringify([user]), { mode: 0o600 });
  }

  /** Of the lab. */
  get settings(): Readonly<Record<string, string>> {
    return {
      TURN_USERS_FILE: this.#usersFile,
      TURN_OPERATOR_TOKEN: this.operatorToken,
      EP_CSCF_TURN_OPERATOR_TOKEN: this.operatorToken,
    };
  }

  plant(canaries: Canaries): void {
    canaries.add('TURN operator token', this.operatorToken);
    canaries.add('TURN password', this.staticUser.password);
    for (const hash of ['md5', 'sha256'] as const) canaries.add('static TURN key', Buffer.from(this.#key(hash), 'hex'));
  }

  /** What the operator is told of who has a relay. */
  async listAllocations({ operations }: LabPorts): Promise<string> {
    const headers = { authorization: `Bearer ${this.operatorToken}` };
    return (await askHttp(operations, '/turn/allocations', { headers })).text;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #usersFile(): string {
    return join(this.#folder, 'users.json');
  }

  /** RFC 8489 9.2.2, in hexadecimal. */
  #key(hash: 'md5' | 'sha256'): string {
    const { username, password } = this.staticUser;
    return createHash(hash).update(`${username}:${realm}:${password}`).digest('hex');
  }
}
