/**
 * How the last sign-in went, as the WWSF says in the address of the page.
 *
 * @module
 */

export type SignInOutcome = 'failed' | 'denied' | 'unavailable';

const texts: Readonly<Record<SignInOutcome, string>> = {
  failed: 'Signing in did not work. Please try again.',
  denied: 'The sign-in was refused, so you are not signed in. You can try again.',
  unavailable: 'The sign-in service does not answer right now. Please try again in a moment.',
};

/** Undefined when the address says nothing, or nothing that we know. */
export function findSignInOutcome(search: string): SignInOutcome | undefined {
  const outcome = new URLSearchParams(search).get('sign-in') ?? '';
  return Object.hasOwn(texts, outcome) ? (outcome as SignInOutcome) : undefined;
}

export function signInOutcomeText(outcome: SignInOutcome): string {
  return texts[outcome];
}
