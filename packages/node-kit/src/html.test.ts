import { describe, expect, it } from 'vitest';
import { html } from './html.ts';

describe('html', () => {
  it.each([
    { given: `<script>alert(1)</script>`, written: '&lt;script&gt;alert(1)&lt;/script&gt;' },
    { given: `" onload="x`, written: '&quot; onload=&quot;x' },
    { given: `' & '`, written: '&#39; &amp; &#39;' },
    { given: '&lt;', written: '&amp;lt;' },
    { given: undefined, written: '' },
    { given: 0, written: '0' },
  ])('[WHATWG HTML 13.3] writes $given so that it stays text', ({ given, written }) => {
    expect(html`<p title="${given}">${given}</p>`.toString()).toBe(`<p title="${written}">${written}</p>`);
  });

  it('[WHATWG HTML 13.3] leaves markup of ours as it is, in lists too', () => {
    const items = ['a', '<b>'].map((text) => html`<li>${text}</li>`);
    expect(html`<ul>${items}</ul>`.toString()).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>');
  });
});
