/**
 * A network of its own (Linux network namespace) with one cable out of it, and a firewall in that cable.
 *
 * What the firewall drops is gone without a word, as in a network: the socket sees no error, and nobody says so by ICMP.
 *
 * @module
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { addressesOf, type NetworkAddresses, networkCount } from './network-addresses.ts';

/** TCP to this address and port is let out; with `udp` datagrams too. */
export interface Opening {
  readonly address: string;
  readonly port: number;
  readonly udp?: boolean;
}

/** Packets that were not let out. */
export interface Dropped {
  readonly udp: number;
  readonly tcp: number;
}

/** The process that made it stands in its name: so the next run recognises what a killed one left. */
const namePattern = /^wicgate(\d+)-\d+$/u;
const device = 'wan';
let made = 0;

/** Why there can be no such network here; undefined where there can. */
export function whyNoNamespace(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are of Linux';
  if (process.getuid?.() !== 0) return 'only root makes network namespaces';
  if (!['/usr/sbin/ip', '/usr/sbin/nft'].every((program) => existsSync(program))) {
    return 'needs ip and nft (Debian packages iproute2 and nftables)';
  }
  failure ??= tryOne();
  return failure === '' ? undefined : failure;
}

/** What came of trying, once a process; '' is well. */
let failure: string | undefined;

function tryOne(): string {
  try {
    NetworkNamespace.create().remove();
    return '';
  } catch (error) {
    return `this machine lets nobody make such networks: ${error instanceof Error ? error.message : String(error)}`;
  }
}

export class NetworkNamespace {
  readonly name: string;
  readonly addresses: NetworkAddresses;

  private constructor(name: string, addresses: NetworkAddresses) {
    this.name = name;
    this.addresses = addresses;
  }

  /** Its way out is shut until something {@link opens} it. */
  static create(): NetworkNamespace {
    removeLeftovers();
    made += 1;
    const name = `wicgate${process.pid}-${made}`;
    const addresses = addressesOf((process.pid * 4 + made) % networkCount);
    try {
      ip('netns', 'add', name);
      ip('link', 'add', name, 'type', 'veth', 'peer', 'name', device, 'netns', name);
      const ours = [addresses.proxy, addresses.wwsf, addresses.waf, addresses.epCscf, addresses.turn];
      for (const address of ours) ip('address', 'add', `${address}/29`, 'dev', name);
      // An address of IPv6 would come some time later, and browsers drop what they load when a network changes.
      if (existsSync('/proc/sys/net/ipv6')) {
        ip('link', 'set', name, 'addrgenmode', 'none');
        ip('-n', name, 'link', 'set', device, 'addrgenmode', 'none');
      }
      ip('link', 'set', name, 'up');
      ip('-n', name, 'address', 'add', `${addresses.client}/29`, 'dev', device);
      for (const each of ['lo', device]) ip('-n', name, 'link', 'set', each, 'up');
      waitUntilUp(['link', 'show', name]);
      waitUntilUp(['-n', name, 'link', 'show', device]);
      // Without a route there would be errors where there shall be silence.
      ip('-n', name, 'route', 'add', 'default', 'via', addresses.proxy);
      const network = new NetworkNamespace(name, addresses);
      network.letOut([]);
      return network;
    } catch (error) {
      removeNetwork(name);
      throw error;
    }
  }

  /** Lets out nothing but this. */
  letOut(openings: readonly Opening[]): void {
    const accepted = openings.flatMap(({ address, port, udp = false }) => [
      `ip daddr ${address} tcp dport ${port} accept`,
      ...(udp ? [`ip daddr ${address} udp dport ${port} accept`] : []),
    ]);
    this.#nft(`
      table netdev firewall
      delete table netdev firewall
      table netdev firewall {
        counter datagrams { }
        counter segments { }
        chain out {
          type filter hook egress device "${device}" priority 0; policy drop;
          meta protocol arp accept
          ${accepted.join('\n')}
          meta l4proto udp counter name datagrams drop
          meta l4proto tcp counter name segments drop
        }
      }
    `);
  }

  /** Since the last {@link letOut}. */
  get dropped(): Dropped {
    const counters = run('ip', ['netns', 'exec', this.name, 'nft', 'list', 'counters', 'netdev']);
    const packets = (name: string): number =>
      Number(new RegExp(`counter ${name} \\{\\s*packets (\\d+)`, 'u').exec(counters)?.[1]);
    return { udp: packets('datagrams'), tcp: packets('segments') };
  }

  /** The command that runs a program inside. */
  get prefix(): readonly string[] {
    return ['/usr/sbin/ip', 'netns', 'exec', this.name];
  }

  /** Ends what still runs inside. */
  remove(): void {
    removeNetwork(this.name);
  }

  #nft(rules: string): void {
    run('ip', ['netns', 'exec', this.name, 'nft', '-f', '-'], rules);
  }
}

/** Of runs whose process is no more. */
function removeLeftovers(): void {
  for (const name of [...listNamespaces(), ...listCables()]) {
    const [, pid] = namePattern.exec(name) ?? [];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) removeNetwork(name);
  }
}

function listNamespaces(): readonly string[] {
  return lines(ip('netns', 'list')).map((line) => line.split(' ')[0] ?? '');
}

function listCables(): readonly string[] {
  return lines(ip('-brief', 'link', 'show', 'type', 'veth')).map((line) => line.split(/[@ ]/u)[0] ?? '');
}

/** The kernel tells of a cable that has come up a while later. @throws {Error} not within 5 s. */
function waitUntilUp(show: readonly string[]): void {
  for (const deadline = Date.now() + 5_000; Date.now() < deadline; ) {
    if (/ state UP /u.test(ip(...show))) return;
  }
  throw new Error(`expected ip ${show.join(' ')} to say that the link is up`);
}

/** Whatever of it there is. */
function removeNetwork(name: string): void {
  if (!namePattern.test(name)) throw new TypeError('expected the name of a network of these tests');
  const isThere = listNamespaces().includes(name);
  if (isThere) for (const pid of lines(ip('netns', 'pids', name))) end(Number(pid));
  // Before its namespace, which would take it along some time later.
  removeCable(name);
  if (isThere) ip('netns', 'delete', name);
}

function removeCable(name: string): void {
  if (!listCables().includes(name)) return;
  try {
    ip('link', 'delete', name);
  } catch (error) {
    // A namespace that another run has just deleted took it along.
    if (listCables().includes(name)) throw error;
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

function ip(...args: string[]): string {
  return run('ip', args);
}

/** What it says. @throws {Error} it failed, with its words. */
function run(program: string, args: readonly string[], input = ''): string {
  const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin` };
  return execFileSync(program, args, { input, env, encoding: 'utf8', stdio: 'pipe', timeout: 10_000 });
}
