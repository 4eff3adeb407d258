/**
 * XML as a tree of elements, within limits: no document type declaration, and no entities but the five of XML itself.
 *
 * @module
 */
import { SaxesParser } from 'saxes';
import { ReginfoMalformed, ReginfoTooLarge } from './errors.ts';
import type { ReginfoLimits } from './reginfo-limits.ts';

export interface XmlElement {
  readonly namespace: string;
  readonly name: string;
  /** Those without a namespace. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Of the element itself, without that of its children. */
  readonly text: string;
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/** The root. @throws {ReginfoMalformed} @throws {ReginfoTooLarge} */
export function readXml(text: string, limits: ReginfoLimits): XmlElement {
  const reader = new Reader(limits);
  const parser = new SaxesParser({ xmlns: true });
  parser.on('doctype', () => {
    throw new ReginfoMalformed('no document type declaration');
  });
  parser.on('opentagstart', () => reader.start());
  parser.on('attribute', () => reader.countAttribute());
  parser.on('opentag', ({ uri, local, attributes }) => {
    const plain = Object.values(attributes).filter((attribute) => attribute.uri === '');
    reader.open(uri, local, new Map(plain.map((attribute) => [attribute.local, attribute.value])));
  });
  parser.on('text', (part) => reader.addText(part));
  parser.on('cdata', (part) => reader.addText(part));
  parser.on('closetag', () => reader.close());
  // What saxes says quotes the document.
  parser.on('error', () => {
    throw new ReginfoMalformed('well-formed XML with declared namespaces');
  });
  parser.write(text).close();
  return reader.root;
}

class Reader {
  readonly #limits: ReginfoLimits;
  readonly #open: OpenElement[] = [];
  #root: XmlElement | undefined;
  #elements = 0;
  #attributes = 0;

  constructor(limits: ReginfoLimits) {
    this.#limits = limits;
  }

  get root(): XmlElement {
    if (this.#root === undefined) throw new ReginfoMalformed('a root element');
    return this.#root;
  }

  start(): void {
    this.#attributes = 0;
    this.#elements += 1;
    const { elements, depth } = this.#limits;
    if (this.#elements > elements) throw new ReginfoTooLarge(`at most ${elements} elements`);
    if (this.#open.length >= depth) throw new ReginfoTooLarge(`at most ${depth} elements inside each other`);
  }

  countAttribute(): void {
    this.#attributes += 1;
    const { attributes } = this.#limits;
    if (this.#attributes > attributes) throw new ReginfoTooLarge(`at most ${attributes} attributes of an element`);
  }

  open(namespace: string, name: string, attributes: ReadonlyMap<string, string>): void {
    const element: OpenElement = { namespace, name, attributes, children: [], text: '' };
    this.#open.at(-1)?.children.push(element);
    this.#root ??= element;
    this.#open.push(element);
  }

  addText(part: string): void {
    const element = this.#open.at(-1);
    if (element !== undefined) element.text += part;
  }

  close(): void {
    this.#open.pop();
  }
}
