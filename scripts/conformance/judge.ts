/**
 * Which tests speak about which requirement, and what follows from their results.
 *
 * @module
 */
import type { TestResult } from './read-reports.ts';
import { clauseOf, type FunctionName, type Requirement } from './requirement.ts';
import { normaliseTag, tagsOf, titleWithoutTags } from './tags.ts';

export type Status = 'passed' | 'failed' | 'missing' | 'not applicable';

export interface Judgement {
  readonly requirement: Requirement;
  readonly status: Status;
  /** Tests that show that the sentence holds. */
  readonly shown: readonly TestResult[];
  /** Tests that show a violation refused. */
  readonly refused: readonly TestResult[];
}

/** Where the tests of a function are; those of transports and of whole systems may speak about any. */
const everywhere = ['packages/sip-node/', 'apps/lab/', 'e2e/'];
const foldersOf: Readonly<Record<FunctionName, readonly string[]>> = {
  'WIC': ['apps/wic/', 'packages/wic-'],
  'ME': ['apps/isim/', 'packages/aka/'],
  'WWSF': ['apps/wwsf/'],
  'WAF': ['apps/waf/'],
  'eP-CSCF': ['apps/ep-cscf/', 'packages/turn-credentials/'],
  'I-CSCF': ['apps/core/src/i-cscf/', 'apps/core/src/mw/', 'apps/core/src/authentication/', 'apps/core/src/start'],
  'S-CSCF': ['apps/core/'],
  'HSS': ['apps/hss/', 'packages/cx/', 'packages/aka/'],
  'TURN server': ['apps/turn/', 'packages/stun/', 'packages/turn-credentials/'],
  'eIMS-AGW': [],
  'operator': [],
};

const refusal = new RegExp(
  [
    '\\b(refus|reject|declin|den(y|ied|ies)|discard|drop|ignor|abandon|abort|forg|tamper|replay|reus|revok|barr|expired)',
    '\\b(fail|clos|remov|strip|mismatch|violat|wrong|bad|stale|untrusted|stranger|unknown|mistake)',
    '\\b(never|nobody|nothing|none|no|not|cannot|neither|without|another|other|somebody else|than|lost)\\b',
    '\\b[45]\\d\\d\\b',
  ].join('|'),
  'iu',
);

/** What the tests say about each requirement, in the order of these. Skipped tests say nothing. */
export function judge(requirements: readonly Requirement[], tests: readonly TestResult[]): readonly Judgement[] {
  const named = tests
    .filter(({ status }) => status !== 'skipped')
    .map((test) => ({ test, tags: tagsOf(test.title), words: titleWithoutTags(test.title) }));
  return requirements.map((requirement) => {
    const speaks = matcherOf(requirement);
    const isRefusal = refusalMatcherOf(requirement);
    const spoken = named.filter(({ test, tags, words }) => speaks(test.file, tags, words));
    const refused = spoken.filter(({ words }) => isRefusal(words)).map(({ test }) => test);
    const shown = spoken.filter(({ words }) => !isRefusal(words)).map(({ test }) => test);
    return { requirement, status: statusOf(requirement, shown, refused), shown, refused };
  });
}

/** Tags that look like a requirement of annex X or of a checklist and are none: `[X.3.2.3-14]`, `[WIC 99]`. */
export function unknownTags(requirements: readonly Requirement[], tests: readonly TestResult[]): readonly string[] {
  const known = new Set(requirements.flatMap(({ id }) => withParents(id)));
  const checked = /^(?:x\.|req )|^(?:wic|wwsf|waf|ep-cscf|i-cscf|s-cscf|hss|turn server|eims-agw) [0-9]/u;
  const unknown = tests.flatMap(({ title }) =>
    tagsOf(title)
      .filter((tag) => checked.test(tag) && !known.has(tag))
      .map((tag) => `[${tag}] in: ${title}`),
  );
  return [...new Set(unknown)].toSorted((a, b) => (a < b ? -1 : 1));
}

/** `X.3.2.3-5.1 b` is known as itself, `X.3.2.3-5.1`, `X.3.2.3-5`, `X.3.2.3`, `X.3.2` and `X.3`. */
function withParents(id: string): readonly string[] {
  const parents = [normaliseTag(id), normaliseTag(clauseOf(id))];
  if (!/^(?:X\.|REQ )/u.test(id)) return parents;
  for (let parent = clauseOf(id); /[.-][0-9]+$/u.test(parent); ) {
    parent = parent.replace(/[.-][0-9]+$/u, '');
    parents.push(normaliseTag(parent));
  }
  return parents;
}

/** Every test that names the very row; of its clause, those that belong to one of its functions and match its words. */
function matcherOf(requirement: Requirement): (file: string, tags: readonly string[], words: string) => boolean {
  const { id, on, also = [], about } = requirement;
  const own = isRow(id) ? normaliseTag(id) : undefined;
  const clauses = [normaliseTag(clauseOf(id)), ...also.map(normaliseTag)];
  const subject = about === undefined ? undefined : new RegExp(about, 'iu');
  const folders = [...everywhere, ...on.flatMap((name) => foldersOf[name])];
  return (file, tags, words) =>
    (own !== undefined && tags.includes(own)) ||
    (folders.some((folder) => file.startsWith(folder)) &&
      tags.some((tag) => clauses.some((clause) => isWithin(tag, clause))) &&
      (subject?.test(words) ?? true));
}

/** `X.2.3.3 c` and `S-CSCF 7` name one row; `REQ 1.1` and `X.3.2.3-5.2` name clauses that other tests obey too. */
function isRow(id: string): boolean {
  return / [a-z]$/u.test(id) || /^(?!REQ)[A-Za-z -]+ [0-9]+$/u.test(id);
}

/**
 * The clause itself, a part of it, or the whole step of which it is a part (`X.3.2.3-4` for `X.3.2.3-4.1`). The steps of
 * annex X are clauses of their own; those of others are parts.
 */
function isWithin(tag: string, clause: string): boolean {
  const isPart = tag.startsWith(`${clause}.`) || (tag.startsWith(`${clause}-`) && !tag.startsWith('x.'));
  return tag === clause || isPart || tag === /^(.*-[0-9]+)\.[0-9]+$/u.exec(clause)?.[1];
}

function refusalMatcherOf({ refused }: Requirement): (words: string) => boolean {
  if (refused === false) return () => false;
  const pattern = refused === undefined ? refusal : new RegExp(refused, 'iu');
  return (words) => pattern.test(words);
}

function statusOf(requirement: Requirement, shown: readonly TestResult[], refused: readonly TestResult[]): Status {
  if (requirement.notApplicable !== undefined) return 'not applicable';
  if ([...shown, ...refused].some(({ status }) => status === 'failed')) return 'failed';
  if (shown.length === 0 || (requirement.refused !== false && refused.length === 0)) return 'missing';
  return 'passed';
}
