/**
 * What a person sees of the ISIM.
 *
 * @module
 */
import { pinPattern } from './card.ts';
import { button, type Child, cardIcon, element } from './element.ts';
import { ProfileMalformed } from './errors.ts';
import { maxProfileCharacters, type Profile, readProfile } from './profile.ts';
import type { Screen } from './terminal.ts';
import { watchReadable } from './watch-readable.ts';

export interface Actions {
  readonly install: (profile: Profile, pin: string) => void;
  readonly enterPin: (pin: string) => void;
  readonly decide: (origin: string, isAllowed: boolean) => void;
  readonly lock: () => void;
  readonly remove: () => void;
}

export function drawScreen(screen: Screen, actions: Actions): readonly Child[] {
  switch (screen.name) {
    case 'loading':
      return [heading('One moment'), paragraph('Your SIM is being opened.')];
    case 'no profile':
      return [
        heading('Set up your SIM'),
        paragraph('Choose the profile file of your operator, and a PIN that protects it in this browser.'),
        profileForm(actions),
      ];
    case 'blocked':
      return [
        heading('Your SIM is blocked'),
        paragraph(
          'A wrong PIN was entered three times, and the keys were deleted. Give the profile file again to go on.',
        ),
        profileForm(actions),
      ];
    case 'enter PIN':
      return drawPin(screen.triesLeft, actions);
    case 'consent':
      return drawConsent(screen.origin, actions);
    case 'ready':
      return drawReady(screen, actions);
    case 'no storage':
      return [
        heading('Your SIM cannot be kept here'),
        paragraph(
          'This browser does not let the SIM keep anything inside another page. Allow data of other sites for this page, ' +
            'or leave private browsing, then load the page again.',
        ),
      ];
  }
}

function drawPin(triesLeft: number, actions: Actions): readonly Child[] {
  const pin = pinField('current-password');
  const wrong =
    triesLeft < 3 ? `That was not it. ${triesLeft === 1 ? 'One try is' : `${triesLeft} tries are`} left.` : undefined;
  const problem = alert(wrong);
  const onSubmit = (): void => {
    if (pinPattern.test(pin.value)) actions.enterPin(pin.value);
    else problem.textContent = 'A PIN has 4 to 8 digits.';
  };
  const fields = [labelled('PIN', pin), problem, submit('Unlock')];
  return [heading('Enter your PIN'), paragraph('It opens the SIM for this visit.'), form(onSubmit, fields)];
}

/** Nothing is allowed before the question could be read: the page that asks is also the one that places the frame. */
function drawConsent(origin: string, actions: Actions): readonly Child[] {
  const allow = button('primary', 'Allow', () => actions.decide(origin, true));
  allow.disabled = true;
  const question = element(
    'section',
    {},
    heading('Use your SIM here?'),
    element(
      'p',
      {},
      element('strong', { class: 'origin' }, origin),
      ' wants to sign in to your operator with your SIM.',
    ),
    paragraph('It learns your number, and one-time answers. The keys on the SIM stay here.'),
    element(
      'div',
      { class: 'choices' },
      allow,
      button('quiet', 'Do not allow', () => actions.decide(origin, false)),
    ),
  );
  watchReadable(question, (isReadable) => {
    allow.disabled = !isReadable;
  });
  return [question, element('p', { class: 'hint' }, 'To allow it, all of this has to be in view.')];
}

function drawReady(screen: Extract<Screen, { name: 'ready' }>, actions: Actions): readonly Child[] {
  const { impi, allowed, isBusy, refused } = screen;
  const items = allowed.map((origin) =>
    element(
      'li',
      {},
      element('span', { class: 'origin' }, origin),
      button('quiet', 'Remove', () => actions.decide(origin, false), `remove ${origin}`),
    ),
  );
  return [
    heading(isBusy ? 'Your SIM is answering' : 'Your SIM is ready'),
    element('p', { class: 'identity' }, impi),
    refused === undefined ? undefined : paragraph(`${refused} may not use it.`),
    items.length === 0
      ? paragraph('No page may use it yet.')
      : element('section', {}, element('h2', {}, 'May use your SIM'), element('ul', {}, ...items)),
    element('div', { class: 'choices' }, button('quiet', 'Lock', actions.lock, 'lock'), removeButton(actions)),
  ];
}

/** Asks once more, and waits until that could be read: what is deleted here comes back only with the profile file. */
function removeButton(actions: Actions): HTMLButtonElement {
  let mayDelete: boolean | undefined;
  const made = button('quiet', 'Remove SIM', () => {
    if (mayDelete === true) actions.remove();
    if (mayDelete !== undefined) return;
    mayDelete = false;
    made.textContent = 'Delete the keys';
    watchReadable(made, (isReadable) => {
      mayDelete = isReadable;
    });
  });
  return made;
}

function profileForm(actions: Actions): HTMLFormElement {
  const file = element('input', { type: 'file', accept: '.json,application/json', required: true, id: 'file' });
  const pin = pinField('new-password');
  const again = pinField('new-password');
  const problem = alert(undefined);
  const onSubmit = async (): Promise<void> => {
    problem.textContent = '';
    try {
      const profile = readProfile(await readFile(file));
      if (!pinPattern.test(pin.value)) throw new ProfileMalformed('PIN', '4 to 8 digits');
      if (pin.value !== again.value) throw new ProfileMalformed('Repeat PIN', 'the same as above');
      actions.install(profile, pin.value);
    } catch (error) {
      if (!(error instanceof ProfileMalformed)) throw error;
      problem.textContent = error.message;
    }
  };
  const pins = element('div', { class: 'pins' }, labelled('PIN', pin), labelled('Repeat PIN', again));
  return form(() => void onSubmit(), [labelled('Profile file', file), pins, problem, submit('Set up')]);
}

/** @throws {ProfileMalformed} there is none, or it is too large to be one. */
async function readFile({ files }: HTMLInputElement): Promise<string> {
  const file = files?.item(0);
  if (file === null || file === undefined) throw new ProfileMalformed('Profile file', 'a file');
  if (file.size > maxProfileCharacters) {
    throw new ProfileMalformed('file', `at most ${maxProfileCharacters} characters`);
  }
  // The browser lets go of a file that was changed after it was chosen.
  return file.text().catch(() => {
    throw new ProfileMalformed('Profile file', 'one that did not change since: choose it again');
  });
}

function pinField(autocomplete: string): HTMLInputElement {
  return element('input', { type: 'password', inputmode: 'numeric', maxlength: 8, autocomplete, required: true });
}

function labelled(text: string, field: HTMLInputElement): HTMLElement {
  return element('label', {}, element('span', {}, text), field);
}

function submit(text: string): HTMLButtonElement {
  return element('button', { type: 'submit', class: 'primary' }, text);
}

function form(onSubmit: () => void, children: readonly Child[]): HTMLFormElement {
  const made = element('form', { novalidate: true }, ...children);
  made.addEventListener('submit', (event) => {
    event.preventDefault();
    onSubmit();
  });
  return made;
}

function alert(text: string | undefined): HTMLElement {
  return element('p', { role: 'alert', class: 'problem' }, text);
}

function heading(text: string): HTMLElement {
  return element('h1', { tabindex: -1 }, cardIcon(), text);
}

function paragraph(text: string): HTMLElement {
  return element('p', {}, text);
}
