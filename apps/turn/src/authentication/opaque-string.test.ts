import { describe, expect, it } from 'vitest';
import { prepareOpaqueString } from './opaque-string.ts';

describe('OpaqueString', () => {
  it.each([
    { what: 'ASCII', text: 'correct horse battery staple', prepared: 'correct horse battery staple' },
    { what: 'case', text: 'Correct Horse', prepared: 'Correct Horse' },
    { what: 'letters of others', text: 'πßå', prepared: 'πßå' },
    { what: 'symbols', text: 'Jack of \u2666s', prepared: 'Jack of \u2666s' },
    { what: 'an Ogham space', text: 'foo\u1680bar', prepared: 'foo bar' },
    { what: 'a no-break space', text: 'foo\u00a0bar', prepared: 'foo bar' },
    { what: 'what is not composed', text: 'e\u0301', prepared: '\u00e9' },
    { what: 'compatibility characters', text: '\u2168\uff21', prepared: '\u2168\uff21' },
    {
      what: 'Katakana',
      text: '\u30de\u30c8\u30ea\u30c3\u30af\u30b9',
      prepared: '\u30de\u30c8\u30ea\u30c3\u30af\u30b9',
    },
    { what: 'spaces only', text: '  ', prepared: '  ' },
    { what: 'a middle dot in Catalan', text: 'l\u00b7l', prepared: 'l\u00b7l' },
    { what: 'a Katakana middle dot', text: '\u30de\u30fb', prepared: '\u30de\u30fb' },
    { what: 'Arabic-Indic digits', text: '\u0661\u0662', prepared: '\u0661\u0662' },
  ])('[RFC 8265 4.2.2] [RFC 8265 4.3] prepares $what', ({ text, prepared }) => {
    expect(prepareOpaqueString(text)).toBe(prepared);
    expect(prepareOpaqueString(prepared)).toBe(prepared);
  });

  it.each([
    { fault: 'nothing', text: '' },
    { fault: 'a control character', text: 'my cat is a \u0009by' },
    { fault: 'a line end', text: 'a\n' },
    { fault: 'a soft hyphen', text: 'The\u00adM' },
    { fault: 'a zero-width joiner', text: 'a\u200db' },
    { fault: 'half a pair', text: '\ud800' },
    { fault: 'a private character', text: '\ue000' },
    { fault: 'a noncharacter', text: '\ufdd0' },
    { fault: 'an unassigned character', text: '\u0378' },
    { fault: 'old Hangul', text: '\u1100' },
    { fault: 'a tatweel', text: '\u0640' },
    { fault: 'a line separator', text: '\u2028' },
    { fault: 'a middle dot elsewhere', text: 'a\u00b7l' },
    { fault: 'a Katakana middle dot alone', text: 'a\u30fb' },
    { fault: 'a Greek numeral sign before Latin', text: '\u0375a' },
    { fault: 'a Hebrew geresh after Latin', text: 'a\u05f3' },
    { fault: 'two kinds of Arabic digits', text: '\u0661\u06f1' },
  ])('[RFC 8265 4.2.1] [RFC 8264 4.3] refuses $fault', ({ text }) => {
    expect(prepareOpaqueString(text)).toBeUndefined();
  });
});
