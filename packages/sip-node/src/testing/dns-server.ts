/**
 * A DNS server on the loopback: answers from a table, over UDP (RFC 1035 4, RFC 2782, RFC 3403 4.1).
 *
 * @module
 */
import { createSocket } from 'node:dgram';
import { onTestFinished } from 'vitest';

const types: ReadonlyMap<number, string> = new Map([
  [1, 'A'],
  [28, 'AAAA'],
  [33, 'SRV'],
  [35, 'NAPTR'],
]);

/**
 * By `TYPE name`: values as in a zone file, such as `0 5 5060 server.example.com` for SRV. `SERVFAIL` fails, `SILENCE`
 * says nothing; what is not in it does not exist.
 */
export type DnsTable = Readonly<Record<string, readonly string[] | 'SERVFAIL' | 'SILENCE'>>;

export interface DnsServer {
  /** `address:port`. */
  readonly address: string;
  /** Each as `TYPE name`. */
  readonly asked: string[];
}

/** Stops when the test ends. `ttlSeconds` is that of all records. */
export async function startDnsServer(table: DnsTable, ttlSeconds = 60): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, { port, address }) => {
    const { question, end } = readQuestion(query);
    asked.push(question);
    const answers = table[question];
    if (answers !== 'SILENCE')
      socket.send(createAnswer(query.subarray(0, end), question, answers, ttlSeconds), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => void socket.close());
  return { address: `127.0.0.1:${socket.address().port}`, asked };
}

function readQuestion(query: Buffer): { readonly question: string; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = types.get(query.readUInt16BE(at + 1)) ?? 'unknown';
  return { question: `${type} ${labels.join('.').toLowerCase()}`, end: at + 5 };
}

/** `head` is the query up to the end of its question, which an answer repeats. */
function createAnswer(
  head: Buffer,
  question: string,
  answers: readonly string[] | 'SERVFAIL' | undefined,
  ttlSeconds: number,
): Buffer {
  const [type = ''] = question.split(' ');
  const records = Array.isArray(answers) ? answers.map((text: string) => createRecord(type, text, ttlSeconds)) : [];
  const answer = Buffer.concat([head, ...records]);
  const code = answers === 'SERVFAIL' ? 2 : answers === undefined ? 3 : 0;
  answer.writeUInt16BE(0x8180 | code, 2);
  answer.writeUInt16BE(1, 4);
  answer.writeUInt16BE(records.length, 6);
  answer.writeUInt32BE(0, 8);
  return answer;
}

function createRecord(type: string, text: string, ttlSeconds: number): Buffer {
  const data = createData(type, text.split(' '));
  const head = Buffer.alloc(12);
  // The name of the question, which stands at octet 12 (RFC 1035 4.1.4).
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE([...types].find(([, name]) => name === type)?.[0] ?? 0, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(ttlSeconds, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function createData(type: string, fields: readonly string[]): Buffer {
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = fields;
  if (type === 'A') return Buffer.from(first.split('.').map(Number));
  if (type === 'AAAA') return createAddress(first);
  if (type === 'SRV') return Buffer.concat([numbers(first, second, third), createName(fourth)]);
  const texts = [third, fourth, ''].map((text) => Buffer.concat([Buffer.of(text.length), Buffer.from(text)]));
  return Buffer.concat([numbers(first, second), ...texts, createName(fifth)]);
}

function createAddress(text: string): Buffer {
  const [before = [], after = []] = text.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const groups = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
  return numbers(...groups.map((group) => `0x${group}`));
}

function createName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([
    ...labels.map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label)])),
    Buffer.of(0),
  ]);
}

function numbers(...texts: readonly string[]): Buffer {
  const octets = Buffer.alloc(2 * texts.length);
  for (const [index, text] of texts.entries()) octets.writeUInt16BE(Number(text), 2 * index);
  return octets;
}
