import { decodeReginfo, type ReginfoContact, ReginfoError, ReginfoView } from '@wicgate/reg-event';

const view = new ReginfoView();

/** Takes the body of a NOTIFY: the contacts that are gone, and whether the subscription is to be refreshed. */
export function receive(body: Uint8Array): { gone: readonly ReginfoContact[]; isRefreshDue: boolean } {
  try {
    const document = decodeReginfo(body);
    const outcome = view.apply(document);
    if (outcome === 'outdated') return { gone: [], isRefreshDue: false };
    const active = view.registrations.flatMap(({ contacts }) => contacts.map(({ uri }) => uri));
    const contacts = document.registrations.flatMap((registration) => registration.contacts);
    // A contact can leave one identity and stay with another.
    const gone = contacts.filter(({ state, uri }) => state === 'terminated' && !active.includes(uri));
    return { gone, isRefreshDue: outcome === 'gap' };
  } catch (error) {
    if (!(error instanceof ReginfoError)) throw error;
    return { gone: [], isRefreshDue: true };
  }
}
