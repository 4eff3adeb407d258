/**
 * Compares every import of our packages with the table of who may import whom.
 *
 * @module
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Rule {
  /** Our own packages that it may import. */
  readonly own: readonly string[];
  /** Third parties, by package name; those of its tests are not looked at. */
  readonly thirdParty: readonly string[];
  /** Whether it may name Node. */
  readonly node: boolean;
}

const server = ['sip', 'sip-node', 'aka', 'cx', 'turn-credentials', 'node-kit', 'reg-event'];

const table: Readonly<Record<string, Rule>> = {
  'packages/sip': { own: [], thirdParty: ['@noble/hashes', '@noble/ciphers'], node: false },
  'packages/aka': { own: [], thirdParty: ['@noble/hashes', '@noble/ciphers'], node: false },
  'packages/reg-event': { own: [], thirdParty: ['saxes'], node: false },
  'packages/turn-credentials': { own: [], thirdParty: ['@noble/hashes', '@noble/ciphers'], node: false },
  'packages/sip-bench': { own: ['sip'], thirdParty: ['jssip', 'rolldown', 'sip', 'sip.js'], node: true },
  'packages/registration-bench': { own: ['aka', 'certificates', 'sip'], thirdParty: ['jose', 'ws'], node: true },
  'packages/stun': { own: [], thirdParty: [], node: true },
  'packages/turn-bench': { own: ['stun', 'turn-client', 'turn-credentials'], thirdParty: ['node-turn'], node: true },
  'packages/turn-client': { own: ['stun', 'turn-credentials'], thirdParty: [], node: true },
  'packages/sip-node': { own: ['sip'], thirdParty: ['ws'], node: true },
  'packages/cx': { own: ['aka'], thirdParty: [], node: false },
  'packages/node-kit': { own: [], thirdParty: ['pino', 'prom-client', 'zod'], node: true },
  'packages/wic-sdk': { own: ['sip', 'aka', 'reg-event'], thirdParty: [], node: false },
  'packages/wic-react': { own: ['wic-sdk'], thirdParty: ['react'], node: false },
  'apps/wic': {
    own: ['wic-react', 'wic-sdk'],
    thirdParty: ['react', 'react-dom', '@base-ui/react', 'lucide-react', 'valibot'],
    node: false,
  },
  'apps/isim': { own: ['aka', 'node-kit'], thirdParty: ['@fastify/static', 'fastify', 'zod'], node: true },
  'apps/wwsf': {
    own: server,
    thirdParty: [
      '@fastify/cookie',
      '@fastify/static',
      'fastify',
      'jose',
      'kysely',
      'openid-client',
      'prom-client',
      'zod',
    ],
    node: true,
  },
  'apps/waf': {
    own: server,
    thirdParty: ['fastify', 'jose', 'kysely', 'oidc-provider', 'prom-client', 'zod'],
    node: true,
  },
  'apps/ep-cscf': { own: server, thirdParty: ['jose', 'prom-client', 'zod'], node: true },
  'apps/core': { own: server, thirdParty: ['prom-client', 'zod'], node: true },
  'apps/hss': { own: server, thirdParty: ['fastify', 'kysely', 'prom-client', 'zod'], node: true },
  'apps/turn': { own: [...server, 'stun', 'turn-client'], thirdParty: ['prom-client', 'zod'], node: true },
  'apps/lab': {
    own: ['certificates', 'core', 'cx', 'ep-cscf', 'hss', 'isim', 'node-kit', 'sip', 'sip-node', 'turn', 'waf', 'wwsf'],
    thirdParty: [],
    node: true,
  },
  'infra/certificates': { own: [], thirdParty: ['@peculiar/x509', 'reflect-metadata'], node: true },
  'e2e': {
    own: [
      'aka',
      'certificates',
      'isim',
      'lab',
      'node-kit',
      'sip',
      'sip-node',
      'stun',
      'turn-client',
      'turn-credentials',
    ],
    thirdParty: ['@playwright/test', '@axe-core/playwright', 'rolldown', 'ws'],
    node: true,
  },
};

/** Inside sip: each folder may import those before it. */
const sipOrder = [
  'grammar',
  'headers',
  'uris',
  'messages',
  'bodies',
  'framing',
  'digest',
  'transactions',
  'inspection',
  'server-location',
  'proxy',
  'offer-answer',
  'dialogs',
  'session-timers',
  'info-packages',
  'trickle-ice',
  'provisional-responses',
  'usages',
  'calls',
  'instant-messages',
  'gruu',
  'outbound',
  'registrations',
  'subscriptions',
  'refer',
  'testing',
];

const root = fileURLToPath(new URL('..', import.meta.url));
const importPattern =
  /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s*'([^']+)'|(?:^|\n)\s*import\s*'([^']+)'|import\('([^']+)'\)/gu;

const packageFiles = globSync('{packages,apps,infra}/*/package.json', { cwd: root });
const faults = [
  ...Object.entries(table).flatMap(([folder, rule]) => checkFolder(folder, rule)),
  ...packageFiles.flatMap(checkPackage),
];
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;

function checkFolder(folder: string, rule: Rule): readonly string[] {
  const pattern = folder === 'e2e' ? 'e2e/**/*.ts' : `${folder}/src/**/*.{ts,tsx}`;
  const files = globSync(pattern, { cwd: root }).filter(
    (file) => !file.includes('node_modules') && !file.includes('/dist/'),
  );
  if (files.length === 0) return [`${folder}: expected source files`];
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const imports = [...text.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
    return imports.map((name) => checkImport(file, name, rule)).filter((fault) => fault !== undefined);
  });
}

/** It stands in the table, and shows only its entry and its test support. */
function checkPackage(file: string): readonly string[] {
  const faults = Object.hasOwn(table, dirname(file)) ? [] : [`${file}: expected ${dirname(file)} in the table`];
  const { exports = {} } = JSON.parse(readFileSync(join(root, file), 'utf8')) as { exports?: Record<string, string> };
  const others = Object.keys(exports).filter((name) => name !== '.' && name !== './testing');
  return others.length === 0 ? faults : [...faults, `${file}: expected to export . and ./testing only`];
}

function checkImport(file: string, name: string, rule: Rule): string | undefined {
  const isTest = /\.test\.tsx?$|\/testing\/|\/test\//u.test(file);
  if (name.startsWith('.'))
    return file.startsWith('packages/sip/src/') && !isTest ? checkSipOrder(file, name) : undefined;
  if (name.startsWith('@wicgate/')) {
    const own = name.slice('@wicgate/'.length).split('/')[0] ?? '';
    if (rule.own.includes(own) || (isTest && ['certificates', 'core', 'hss', 'sip', 'sip-node', 'waf'].includes(own)))
      return undefined;
    return `${file}: may not import ${name}`;
  }
  if (isTest) return undefined;
  if (name.startsWith('node:')) return rule.node ? undefined : `${file}: may not name Node (${name})`;
  const thirdParty = name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
  return rule.thirdParty.includes(thirdParty) ? undefined : `${file}: may not import ${name}`;
}

function checkSipOrder(file: string, name: string): string | undefined {
  const from = file.split('/').at(3) ?? '';
  const [, to] = /^\.\.\/([a-z-]+)\//u.exec(name) ?? [];
  if (to === undefined || from.endsWith('.ts')) return undefined;
  if (!sipOrder.includes(from)) return `${file}: expected ${from} in the order of folders`;
  return sipOrder.indexOf(to) < sipOrder.indexOf(from) ? undefined : `${file}: ${from} comes before ${to}`;
}
