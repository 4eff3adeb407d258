/**
 * SIPp, a stranger's SIP implementation, registers at a listener of ours.
 *
 * @module
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const sippPath = '/usr/bin/sipp';
export const hasSipp: boolean = existsSync(sippPath);

export interface SippRegistration {
  readonly transport: 'UDP' | 'TCP';
  /** Of 127.0.0.1. */
  readonly remotePort: number;
  readonly user: string;
  /** What stands in SIPp's `[authentication …]`. */
  readonly secret: string;
  /** What the second REGISTER is answered with. */
  readonly statusCode: 200 | 403;
}

const timeoutSeconds = 20;

/** Resolves when all went as told; rejects with what SIPp has to say. */
export async function registerWithSipp(registration: SippRegistration): Promise<void> {
  const { transport, remotePort } = registration;
  const folder = mkdtempSync(join(tmpdir(), 'core-sipp-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'register.xml'), scenarioOf(registration));
  const sipp = spawn(
    sippPath,
    [
      ...[`127.0.0.1:${remotePort}`, '-sf', 'register.xml', '-t', transport === 'UDP' ? 'u1' : 't1'],
      ...['-i', '127.0.0.1', '-bind_local', '-m', '1', '-nostdin', '-timeout', `${timeoutSeconds}s`, '-timeout_error'],
      ...['-trace_err', '-error_file', 'errors.log', '-trace_msg', '-message_file', 'messages.log'],
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  onTestFinished(() => void sipp.kill('SIGKILL'));
  await once(sipp, 'exit');
  if (sipp.exitCode !== 0) throw new Error(`SIPp ended with ${sipp.exitCode}\n${readLogs(folder)}`);
}

function scenarioOf({ user, secret, statusCode }: SippRegistration): string {
  const register = (cseq: number, authentication: string): string => `
  <send retrans="500"><![CDATA[

REGISTER sip:ims.example SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];rport;branch=[branch]
Max-Forwards: 70
From: <sip:${user}@ims.example>;tag=[pid]t[call_number]
To: <sip:${user}@ims.example>
Call-ID: [call_id]
CSeq: ${cseq} REGISTER
Contact: <sip:${user}@[local_ip]:[local_port];transport=[transport]>
${authentication}Expires: 600
Content-Length: 0

]]></send>`;
  const answer = `[authentication username=${user}@ims.example ${secret}]\n`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<scenario name="register">${register(1, '')}
  <recv response="401" auth="true"/>${register(2, answer)}
  <recv response="${statusCode}"/>
</scenario>
`;
}

function readLogs(folder: string): string {
  const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
  return logs.map((name) => readFileSync(join(folder, name), 'utf8').slice(-10_000)).join('\n');
}
