/**
 * A call that somebody here makes.
 *
 * @module
 */
import { type Dialog, decodeUtf8, type SipResponse } from '@wicgate/sip';
import type { PeerMedia } from '../media/peer-media.ts';
import type { CallEnd, CallEndCause } from '../wic.ts';
import { contentTypeOf, descriptionType, takesTrickle } from './access.ts';
import { createInvite } from './invite-request.ts';
import { LiveCall, type LiveCallOptions } from './live-call.ts';
import { OutgoingInvite } from './outgoing-invite.ts';

/** The INVITE leaves within 300 ms of the click; this much of it ICE may have. */
const offerMs = 200;
/** What ICE gets where the person took longer to allow the microphone. */
const leastGatherMs = 50;
const noAnswerMs = 60_000;

export class OutgoingCall extends LiveCall {
  readonly direction = 'outgoing';
  #invite: OutgoingInvite | undefined;
  #stopNoAnswer: () => void = () => undefined;

  constructor(options: LiveCallOptions) {
    super(options, { status: 'calling' });
  }

  /** An outgoing call has nothing to answer. */
  readonly answer = async (): Promise<void> => undefined;
  readonly decline = (): void => this.hangUp();
  readonly hangUp = (): void => this.leave({ now: false });

  /** Asks for the microphone and sends the INVITE. */
  start(target: string, { video }: { readonly video: boolean }): void {
    const clickedAtMs = this.access.platform.clock.now();
    this.#place(target, video, clickedAtMs).catch(() => this.finish({ by: 'local', cause: 'media failed' }));
  }

  leave({ now }: { readonly now: boolean }): void {
    if (this.isOver) return;
    this.session?.hangUp({ now });
    this.abandon({ by: 'local', cause: this.session === undefined ? 'cancelled' : 'hung up' });
  }

  protected abandon(end: CallEnd): void {
    if (this.isOver) return;
    this.session?.hangUp();
    this.#invite?.cancel();
    this.finish(end);
  }

  override finish(end: Parameters<LiveCall['finish']>[0]): void {
    this.#stopNoAnswer();
    super.finish(end);
  }

  protected override onEarlyCandidates(): void {
    this.#invite?.updateCandidates();
  }

  async #place(target: string, video: boolean, clickedAtMs: number): Promise<void> {
    const { clock } = this.access.platform;
    const opened = await this.openMedia(video);
    if (opened === undefined) return;
    const { local, media } = opened;
    media.attach(local);
    const gatherMs = Math.max(clickedAtMs + offerMs - clock.now(), leastGatherMs);
    const sdp = await media.createOffer({ iceRestart: false, gatherMs });
    if (this.isOver) return;
    const { registered } = this.access;
    if (registered === undefined) return this.finish({ by: 'local', cause: 'connection lost' });
    this.#stopNoAnswer = clock.after(noAnswerMs, () => this.#onNoAnswer());
    this.#invite = new OutgoingInvite({
      access: this.access,
      request: createInvite(this.access, registered, target, sdp),
      media,
      onRinging: () => !this.isOver && this.change({ status: 'ringing' }),
      onAnswered: (dialog, response) => this.#onAnswered(dialog, response, media),
      onRefused: (cause) => this.#onRefused(cause),
    });
  }

  #onNoAnswer(): void {
    this.#invite?.cancel();
    this.finish({ by: 'remote', cause: 'no answer' });
  }

  #onRefused(cause: CallEndCause): void {
    this.finish({ by: cause === 'connection lost' ? 'local' : 'remote', cause });
  }

  #onAnswered(dialog: Dialog, response: SipResponse, media: PeerMedia): void {
    this.#stopNoAnswer();
    const session = this.createSession(dialog, media, takesTrickle(response));
    const answer = contentTypeOf(response) === descriptionType ? decodeUtf8(response.body) : undefined;
    media.acceptAnswer(answer ?? '').then(
      () => !this.isOver && this.startMedia(media),
      () => {
        session.hangUp();
        this.finish({ by: 'local', cause: 'media failed' });
      },
    );
  }
}
