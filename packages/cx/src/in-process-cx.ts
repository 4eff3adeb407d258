/**
 * Cx inside one process: the transport between CSCFs and HSS until Diameter takes its place behind the same ports.
 *
 * Like a wire, it copies what passes, limits the time of every command and the number of commands under way.
 *
 * @module
 */
import { CxPeerFailed, CxPeerUnreachable, CxTimeout, CxTooBusy } from './errors.ts';
import { frozenCopy } from './frozen-copy.ts';
import type { CxHss, CxSCscf } from './ports.ts';

export interface InProcessCxOptions {
  /** Calls `run` once after `ms` milliseconds, unless the returned function is called first. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** How long a command may await its answer. */
  readonly timeoutMs?: number;
  /** How many commands may await their answers. */
  readonly maxUnderWay?: number;
}

export interface InProcessCx {
  /** The HSS, for CSCFs. It may be held before the HSS is attached and while it restarts. */
  readonly hss: CxHss;
  /** The S-CSCF of that Server-Name, for the HSS. It may be held before that S-CSCF is attached. */
  sCscf(serverName: string): CxSCscf;
  /** Takes the place of the HSS attached before. The returned function detaches it. */
  attachHss(hss: CxHss): () => void;
  /** Takes the place of the S-CSCF attached before under `serverName`, compared octet for octet. The returned function detaches it. */
  attachSCscf(serverName: string, sCscf: CxSCscf): () => void;
}

const defaultTimeoutMs = 5_000;
const defaultMaxUnderWay = 10_000;

/** A Cx without HSS and S-CSCF: they attach themselves when they start. */
export function createInProcessCx(options: InProcessCxOptions): InProcessCx {
  const peers = new Map<string, CxHss | CxSCscf>();
  const call = createCaller(options);

  function attach(name: string, peer: CxHss | CxSCscf): () => void {
    peers.set(name, peer);
    return () => {
      if (peers.get(name) === peer) peers.delete(name);
    };
  }

  function find<Peer extends CxHss | CxSCscf>(name: string): Peer {
    const peer = peers.get(name);
    if (peer === undefined) throw new CxPeerUnreachable(name);
    return peer as Peer;
  }

  const hss = (): CxHss => find<CxHss>('HSS');
  const sCscf = (serverName: string): CxSCscf => find<CxSCscf>(`S-CSCF ${serverName}`);

  return {
    hss: {
      userAuthorization: (request) => call('UAR', request, (copy) => hss().userAuthorization(copy)),
      multimediaAuth: (request) => call('MAR', request, (copy) => hss().multimediaAuth(copy)),
      serverAssignment: (request) => call('SAR', request, (copy) => hss().serverAssignment(copy)),
      locationInfo: (request) => call('LIR', request, (copy) => hss().locationInfo(copy)),
    },
    sCscf: (serverName) => ({
      registrationTermination: (request) =>
        call('RTR', request, (copy) => sCscf(serverName).registrationTermination(copy)),
      pushProfile: (request) => call('PPR', request, (copy) => sCscf(serverName).pushProfile(copy)),
    }),
    attachHss: (peer) => attach('HSS', peer),
    attachSCscf: (serverName, peer) => attach(`S-CSCF ${serverName}`, peer),
  };
}

type Caller = <Request, Answer>(
  command: string,
  request: Request,
  send: (copy: Request) => Promise<Answer>,
) => Promise<Answer>;

/** A command counts as under way until the peer is done with it, even where its caller gave up. */
function createCaller({
  after,
  timeoutMs = defaultTimeoutMs,
  maxUnderWay = defaultMaxUnderWay,
}: InProcessCxOptions): Caller {
  let underWay = 0;
  return async (command, request, send) => {
    if (underWay >= maxUnderWay) throw new CxTooBusy(command, maxUnderWay);
    const copy = frozenCopy(request);
    underWay += 1;
    const answered = deliver(command, () => send(copy)).finally(() => {
      underWay -= 1;
    });
    let stop = (): void => undefined;
    const late = new Promise<never>((_resolve, reject) => {
      stop = after(timeoutMs, () => reject(new CxTimeout(command, timeoutMs)));
    });
    return await Promise.race([answered, late]).finally(() => stop());
  };
}

async function deliver<Answer>(command: string, send: () => Promise<Answer>): Promise<Answer> {
  // The peer runs on its own turn, as it would at the far end of a connection.
  await Promise.resolve();
  try {
    return frozenCopy(await send());
  } catch (error) {
    throw error instanceof CxPeerUnreachable ? error : new CxPeerFailed(command, error);
  }
}
