import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EpCscfError } from '../errors.ts';
import { type FlowToken, FlowTokens } from './flow-token.ts';
import { readFlowTokenKey } from './flow-token-key.ts';

const flow = { impi: 'alice@ims.example', instance: 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6', regId: 1 };
const path: FlowToken = { kind: 'path', flow };
const dialog: FlowToken = { kind: 'dialog', flow, role: 'callee', digest: '0123456789abcdef'.repeat(2) };
const key = new Uint8Array(32).fill(7);

describe('flow token', () => {
  it.each([path, dialog, { ...dialog, role: 'caller' }, { ...path, flow: { ...flow, isEmergency: true } }] as const)(
    '[RFC 5626 5.1] names the flow again: %j',
    (token) => {
      const tokens = new FlowTokens(key);
      expect(tokens.open(tokens.seal(token))).toEqual(token);
    },
  );

  it('[RFC 5626 5.1] of Path cannot be made to look like one of a dialog', () => {
    const tokens = new FlowTokens(key);
    const impi = `"]:callee:${'0'.repeat(32)}:["`;
    expect(tokens.open(tokens.seal({ kind: 'path', flow: { ...flow, impi } }))).toMatchObject({ kind: 'path' });
  });

  it.each([path, dialog])('[RFC 5626 5.1] fits in a user part and shows nothing of the identity: %j', (sealed) => {
    const token = new FlowTokens(key).seal(sealed);
    expect(token).toMatch(/^[A-Za-z0-9_-]{1,256}$/u);
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain('alice');
  });

  it('[RFC 5626 5.1] looks different each time', () => {
    const tokens = new FlowTokens(key);
    expect(tokens.seal(path)).not.toBe(tokens.seal(path));
  });

  it('[RFC 5626 5.1] refuses a token of another key', () => {
    const token = new FlowTokens(new Uint8Array(32).fill(8)).seal(path);
    expect(() => new FlowTokens(key).open(token)).toThrow(
      expect.objectContaining({ code: 'ERR_EP_CSCF_FLOW_TOKEN_INVALID' }),
    );
  });

  it.each(['', 'alice', 'AAAA', 'x'.repeat(2_000), '%41%41', 'AQ'.repeat(40)])(
    '[RFC 5626 5.1] refuses "%s"',
    (token) => {
      expect(() => new FlowTokens(key).open(token)).toThrow(
        expect.objectContaining({ code: 'ERR_EP_CSCF_FLOW_TOKEN_INVALID' }),
      );
    },
  );

  it('[RFC 5626 5.1] refuses every token that was changed', () => {
    const tokens = new FlowTokens(key);
    const octets = Buffer.from(tokens.seal(path), 'base64url');
    fc.assert(
      fc.property(fc.nat(octets.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(octets);
        changed[at] = (changed[at] ?? 0) ^ change;
        expect(() => tokens.open(changed.toString('base64url'))).toThrow(EpCscfError);
      }),
    );
  });
});

describe('key of the flow tokens', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'flow-token-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('[RFC 5626 5.1] survives a restart: the same key opens what it sealed before', () => {
    const token = new FlowTokens(readFlowTokenKey(folder)).seal(path);
    expect(new FlowTokens(readFlowTokenKey(folder)).open(token)).toEqual(path);
  });

  it('[RFC 6750 5.3] is readable by its owner only', () => {
    readFlowTokenKey(folder);
    const file = join(folder, 'flow-token.key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file)).toHaveLength(32);
  });

  it('[RFC 5626 5.1] refuses a damaged key file instead of making a new one', () => {
    writeFileSync(join(folder, 'flow-token.key'), 'short');
    expect(() => readFlowTokenKey(folder)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }));
  });
});
