/**
 * Finds the header fields of a message in its octets (RFC 3261 7.3; grammar from 25.1), in one pass.
 *
 * @module
 */
import { MessageMalformed, MessageTooLarge } from '../errors.ts';
import { classOfOctet, tokenClass } from '../grammar/characters.ts';
import { foldedMark, type HeaderMarks } from '../headers/header-marks.ts';
import { tagOf } from '../headers/header-name.ts';
import type { MessageLimits } from './message-limits.ts';

const tab = 9;
const lineFeed = 10;
const carriageReturn = 13;
const space = 32;
const colon = 58;
const backslash = 92;
/** 1 for each octet that may stand in a name. Our own: the engine folds it into its code as no other module's. */
const isInName: Uint8Array = classOfOctet.map((classes) => classes & tokenClass);

export interface ScannedHead {
  /** Where the start line ends; like all offsets here counted from the start of the head. */
  readonly startLineEnd: number;
  readonly marks: HeaderMarks;
  /** Where the last header field's line end ends. The empty line follows. */
  readonly end: number;
}

/** Where the marks of the head under way are collected: a list of the right length is cut off it. */
const collected: number[] = [];

/**
 * The head that starts at `start` and ends with an empty line.
 *
 * One loop over the octets for the usual line; what is unusual in one is left to the functions below.
 *
 * @throws {MessageMalformed} @throws {MessageTooLarge}
 */
export function scanHead(octets: Uint8Array, start: number, limits: MessageLimits): ScannedHead {
  const { length } = octets;
  let at = start;
  while (at < length && (octets[at] as number) >= space) at += 1;
  const startLineEnd = isUsualEnd(octets, at, length) ? at : endOfValue(octets, at, start);
  const most = 3 * limits.headerFields;
  const longest = limits.headerFieldCharacters;
  let count = 0;
  at = startLineEnd + 2;
  while (at + 1 < length && octets[at] !== carriageReturn) {
    const line = at;
    while (at < length && isInName[octets[at] as number] === 1) at += 1;
    let tag = tagOf(at - line, octets[line] as number, octets[at - 1] as number);
    if (at === line || at >= length || octets[at] !== colon) at = findColon(octets, line, at, start);
    at += 1;
    while (at < length && (octets[at] === space || octets[at] === tab)) at += 1;
    const value = at;
    while (at < length && (octets[at] as number) >= space) at += 1;
    if (!isUsualEnd(octets, at, length)) {
      const lineEnd = endOfValue(octets, at, start);
      at = endOfFolds(octets, lineEnd, start);
      if (at > lineEnd) tag |= foldedMark;
    }
    if (count >= most || at - line > longest) refuse(count, limits);
    collected[count] = line - start;
    collected[count + 1] = value - start;
    collected[count + 2] = tag;
    count += 3;
    at += 2;
  }
  if (octets[at + 1] !== lineFeed) throw new MessageMalformed('an empty line after the header fields', at - start);
  collected[count] = at - start;
  return { startLineEnd: startLineEnd - start, marks: collected.slice(0, count + 1), end: at };
}

/** Whether the line ends at `at` and the next one does not go on it. */
function isUsualEnd(octets: Uint8Array, at: number, length: number): boolean {
  if (at + 2 >= length || octets[at] !== carriageReturn || octets[at + 1] !== lineFeed) return false;
  return octets[at + 2] !== space && octets[at + 2] !== tab;
}

function refuse(count: number, limits: MessageLimits): never {
  if (count >= 3 * limits.headerFields) throw new MessageTooLarge('header fields', limits.headerFields);
  throw new MessageTooLarge('characters in a header field', limits.headerFieldCharacters);
}

/** The colon after a name and the white space that may follow it. */
function findColon(octets: Uint8Array, line: number, nameEnd: number, start: number): number {
  let at = nameEnd;
  if (at === line) throw new MessageMalformed('a header field name', at - start);
  while (isBlank(octets, at)) at += 1;
  if (at < octets.length && octets[at] === colon) return at;
  throw new MessageMalformed("':' after a header field name", at - start);
}

/** The end of the last line that goes on the one which ends at `lineEnd`: each starts with white space (7.3.1). */
function endOfFolds(octets: Uint8Array, lineEnd: number, start: number): number {
  let end = lineEnd;
  while (isBlank(octets, end + 2)) end = endOfValue(octets, end + 2, start);
  return end;
}

function isBlank(octets: Uint8Array, at: number): boolean {
  return at < octets.length && (octets[at] === space || octets[at] === tab);
}

/** Where the next CR LF stands. Bare line ends have no place before it, nor has a NUL that no backslash quotes. */
function endOfValue(octets: Uint8Array, from: number, start: number): number {
  const { length } = octets;
  for (let at = from; at < length; at += 1) {
    const code = octets[at] ?? 0;
    if (code >= space) continue;
    if (code === carriageReturn && at + 1 < length && octets[at + 1] === lineFeed) return at;
    if (code === carriageReturn || code === lineFeed || (code === 0 && octets[at - 1] !== backslash)) {
      throw new MessageMalformed('no bare line end or NUL', at - start);
    }
  }
  throw new MessageMalformed('a line end', length - start);
}
