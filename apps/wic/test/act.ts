/**
 * Does what a person does, by the names that they see.
 *
 * @module
 */
import type { Act } from './scenes.ts';

/** @throws {TypeError} there is nothing of that name. */
export function act(step: Act): void {
  if ('press' in step) findButton(step.press).click();
  else typeInto(findField(step.into), step.type);
}

function findButton(name: string): HTMLButtonElement {
  const buttons = [...document.querySelectorAll('button')];
  const found = buttons.find((button) => (button.getAttribute('aria-label') ?? button.textContent) === name);
  if (found === undefined) throw new TypeError(`expected a button ${name}`);
  return found;
}

/** The input with this label. */
export function findField(name: string): HTMLInputElement {
  const label = [...document.querySelectorAll('label')].find(({ textContent }) => textContent === name);
  const input = label === undefined ? null : document.getElementById(label.htmlFor);
  if (!(input instanceof HTMLInputElement)) throw new TypeError(`expected a field ${name}`);
  return input;
}

function typeInto(input: HTMLInputElement, text: string): void {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, text);
  input.dispatchEvent(new Event('input', { bubbles: true }));
}
