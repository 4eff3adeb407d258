/**
 * HTML from templates in which everything that is put in is escaped, unless it is HTML of ours itself.
 *
 * @module
 */

/** Markup that needs no escaping any more. Only {@link html} makes it. */
export class Html {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }

  /** For {@link html} alone: `text` must be safe already. */
  static fromSafeText(text: string): Html {
    return new Html(text);
  }
}

export type HtmlValue = string | number | Html | undefined | readonly Html[];

/** The template with its values escaped, for text and quoted attributes. `undefined` leaves nothing. */
export function html(texts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return Html.fromSafeText(texts.map((text, index) => text + format(values[index])).join(''));
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
  if (value instanceof Html) return value.toString();
  if (typeof value === 'object') return value.join('');
  return String(value).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
