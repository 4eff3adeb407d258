/**
 * HTML from templates in which everything that is put in is escaped, unless it is HTML of ours itself.
 *
 * @module
 */

/** Markup that needs no escaping any more. */
export interface Html {
  readonly markup: string;
}

export type HtmlValue = string | number | Html | undefined;

/** The template with its values escaped, for text and quoted attributes. `undefined` leaves nothing. */
export function html(texts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return { markup: texts.map((text, index) => text + format(values[index])).join('') };
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function format(value: HtmlValue): string {
  if (value === undefined) return '';
  if (typeof value === 'object') return value.markup;
  return String(value).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
