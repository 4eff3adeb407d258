/**
 * Prints what @wicgate/sip costs, beside JsSIP, SIP.js and the npm package `sip`, in one run and on the same messages.
 *
 * Times are medians of rounds that take turns. Each parser gets the form it wants: the others the text that their
 * transports hand them, ours the octets, which it decodes itself. That each has really read a message is checked first.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { formatMessage, parseMessage } from '@wicgate/sip';
import { browserSize } from './browser-size.ts';
import { InviteTransactions } from './invite-transaction.ts';
import { allocatedBytes, measure, type Operation, type Timing } from './measure.ts';
import { createOk, forward, read, readRequest } from './ours.ts';
import { inviteText, okText, registerText } from './sample-messages.ts';
import { type Essentials, loadStrangers, type Stranger } from './strangers.ts';

const messages = { INVITE: inviteText, REGISTER: registerText, 200: okText } as const;
const octetsOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

if (globalThis.gc === undefined) restartWithGc();
else await main();

/** Counting bytes takes a heap that is swept on demand and large enough to count in between. */
function restartWithGc(): void {
  const flags = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64'];
  const { status } = spawnSync(process.execPath, [...flags, fileURLToPath(import.meta.url)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}

async function main(): Promise<void> {
  const strangers = await loadStrangers();
  for (const text of Object.values(messages)) checkAll(text, strangers);
  checkForward();
  print(`Node ${process.version}; nanoseconds an operation: median (least disturbed tenth)\n`);
  for (const [name, text] of Object.entries(messages)) await compareReading(name, text, strangers);
  await compareForward();
  await compareOk(strangers);
  await measureTransactions();
  printAllocation();
  await printSize();
}

function checkAll(text: string, strangers: readonly Stranger[]): void {
  const expected = read(octetsOf(text));
  for (const stranger of strangers) {
    const found = stranger.read(text);
    for (const [key, value] of Object.entries(expected) as [keyof Essentials, string | number][]) {
      assert.equal(normal(found[key]), normal(value), `${stranger.name}: ${key}`);
    }
  }
}

/** The others write a port that is not there as undefined, null or NaN, and hosts in lower case. */
function normal(value: string | number): string {
  return String(value)
    .replace(/:(?:null|NaN|0|undefined)$/u, '')
    .toLowerCase();
}

function checkForward(): void {
  assert.equal(inviteText.length, 1_900);
  assert.equal(readRequest(octetsOf(inviteText)).headers.size, 20);
  const { headers } = readRequest(forward(octetsOf(inviteText)));
  assert.equal(headers.size, 19);
  assert.equal(headers.all('Via').length, 2);
  assert.equal(headers.first('Max-Forwards'), '69');
  assert.deepEqual(headers.all('Route'), ['<sip:orig@scscf2.ims.example.net:6060;lr>']);
}

async function compareReading(name: string, text: string, strangers: readonly Stranger[]): Promise<void> {
  const octets = octetsOf(text);
  await printTable(`(a) parse ${name}, ${octets.length} octets`, [
    { name: 'wicgate', run: () => parseMessage(octets) },
    ...strangers.map((stranger) => ({ name: stranger.name, run: () => stranger.parse(text) })),
  ]);
  await printTable(`(b) parse ${name} and read From, To, Call-ID, CSeq and Via`, [
    { name: 'wicgate', run: () => read(octets) },
    ...strangers.map((stranger) => ({ name: stranger.name, run: () => stranger.read(text) })),
  ]);
}

async function compareForward(): Promise<void> {
  const octets = octetsOf(inviteText);
  const flat = jsonOf(inviteText);
  const structured = structuredJsonOf(inviteText);
  const timings = await printTable(
    '(c) forward the INVITE: parse, strip 2, push Via and Record-Route, pop Route, write',
    [
      { name: 'wicgate', run: () => forward(octets) },
      { name: 'toString + JSON.parse, 20 strings', run: () => decodeAndParse(flat) },
      { name: 'toString + JSON.parse, structured', run: () => decodeAndParse(structured) },
    ],
  );
  const [ours, ...bounds] = timings.map(({ medianNs }) => medianNs);
  const shares = bounds.map((bound) => ((ours ?? 0) / bound).toFixed(2));
  print(`    ${shares.join(' and ')} of these; the target is at most 3\n`);
}

function decodeAndParse(json: string): unknown {
  return [Buffer.from(inviteText).toString(), JSON.parse(json)];
}

/** An object with a string for each header field and one for the body, as long as the message. */
function jsonOf(text: string): string {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const fields = head
    .split('\r\n')
    .slice(1)
    .map((line, at) => [`${at}${line.slice(0, line.indexOf(':'))}`, line.slice(line.indexOf(':') + 2)]);
  return toLength(text.length, (length) =>
    JSON.stringify({ ...Object.fromEntries(fields), body: body.slice(0, length) }),
  );
}

/** The same with objects and lists inside, as a typed message would have them. */
function structuredJsonOf(text: string): string {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const fields = head
    .split('\r\n')
    .slice(1)
    .map((line) => {
      const [value = '', ...params] = line.slice(line.indexOf(':') + 2).split(';');
      return { n: line.slice(0, line.indexOf(':')), v: value, p: params.map((param) => param.split('=')) };
    });
  return toLength(text.length, (length) => JSON.stringify({ fields, body: body.slice(0, length) }));
}

function toLength(wanted: number, write: (bodyLength: number) => string): string {
  let length = wanted;
  while (length > 0 && write(length).length > wanted) length -= 1;
  return write(length);
}

async function compareOk(strangers: readonly Stranger[]): Promise<void> {
  const invite = readRequest(octetsOf(inviteText));
  const others = strangers.flatMap(({ name, createOk: create }): Operation[] =>
    create === undefined ? [] : [{ name, run: create(inviteText) }],
  );
  await printTable('(d) build a 200 to the INVITE and write it', [
    { name: 'wicgate', run: () => createOk(invite) },
    ...others,
  ]);
}

async function measureTransactions(): Promise<void> {
  const invite = readRequest(octetsOf(inviteText));
  const bare = { ...invite, headers: invite.headers.without('Via') };
  const accepted = new InviteTransactions(200);
  const refused = new InviteTransactions(486);
  assert.deepEqual([...accepted.run(bare), ...refused.run(bare)], [180, 200, 180, 486]);
  await printTable('(e) an INVITE transaction, both ends: 4 messages written and read', [
    { name: 'wicgate, INVITE 180 200 ACK', run: () => accepted.run(bare) },
    { name: 'wicgate, INVITE 180 486 ACK', run: () => refused.run(bare) },
  ]);
  assert.deepEqual([accepted.size, refused.size], [0, 0]);
}

function printAllocation(): void {
  const octets = octetsOf(inviteText);
  const message = parseMessage(octets);
  const rows: readonly (readonly [string, () => unknown])[] = [
    ['parse the INVITE', () => parseMessage(octets)],
    ['parse it and read the five', () => read(octets)],
    ['write it', () => formatMessage(message)],
    ['forward it', () => forward(octets)],
  ];
  print('Heap allocated, bytes an operation (octets written are in buffers outside the heap)');
  for (const [name, run] of rows) print(`    ${name.padEnd(40)}${allocatedBytes(run).toFixed(0).padStart(9)}`);
  print('');
}

async function printSize(): Promise<void> {
  const { names, minified, gzipped } = await browserSize();
  print(`In the browser: the ${names} names that wic-sdk imports, minified ${minified} bytes, gzip ${gzipped}`);
  print(`    the target is at most 35,000`);
}

async function printTable(title: string, operations: readonly Operation[]): Promise<readonly Timing[]> {
  const timings = await measure(operations);
  const first = timings[0]?.medianNs ?? 1;
  print(title);
  for (const { name, medianNs, bestNs } of timings) {
    const times = `${medianNs.toFixed(0).padStart(9)} (${bestNs.toFixed(0)})`;
    print(`    ${name.padEnd(40)}${times.padEnd(24)}${(medianNs / first).toFixed(2).padStart(8)} x`);
  }
  print('');
  return timings;
}
