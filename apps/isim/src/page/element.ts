/**
 * Elements of the page, without a word of HTML: nothing that comes in is ever parsed.
 *
 * @module
 */

export type Child = Node | string | undefined;

/** Attributes as in HTML; true stands alone, undefined and false are left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

export function button(look: 'primary' | 'quiet', text: string, onClick: () => void, id?: string): HTMLButtonElement {
  const made = element('button', { type: 'button', class: look, id }, text);
  made.addEventListener('click', onClick);
  return made;
}

/** A chip card, for the eye alone. */
export function cardIcon(): SVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const icon = document.createElementNS(namespace, 'svg');
  icon.setAttribute('viewBox', '0 0 24 24');
  icon.setAttribute('aria-hidden', 'true');
  icon.setAttribute('class', 'icon');
  const path = document.createElementNS(namespace, 'path');
  path.setAttribute(
    'd',
    'M6 3h8l5 5v11a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm1 8h10v7H7zM7 14.500h10M12 11v7',
  );
  icon.append(path);
  return icon;
}
