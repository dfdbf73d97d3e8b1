import { writeLetter } from './letter.js';

describe('writeLetter', () => {
  it('says the same in text and in HTML', () => {
    const { text, html } = writeLetter({
      greeting: 'Hello 田中 芽衣,',
      paragraphs: ['One.', 'Two.'],
      link: { label: 'Open it', url: 'https://school.example/#token=a&b=c' },
      notes: ['It ends soon.'],
    });
    expect(text).toBe(
      'Hello 田中 芽衣,\n\nOne.\n\nTwo.\n\nOpen it:\nhttps://school.example/#token=a&b=c\n\nIt ends soon.\n\n-- \nMockingbird\n',
    );
    for (const part of ['Hello 田中 芽衣,', 'One.', 'Two.', 'It ends soon.']) expect(html).toContain(`>${part}</p>`);
    expect(html).toContain('<a href="https://school.example/#token=a&amp;b=c">Open it</a>');
  });

  it.each(['<img src=x onerror=alert(1)>', '"><script>', "' onload='", 'Tom & Jerry'])(
    'takes %s for text wherever it stands',
    (value) => {
      const { text, html } = writeLetter({
        greeting: value,
        paragraphs: [value],
        link: { label: value, url: value },
        notes: [value],
      });
      expect(text.split(value)).toHaveLength(6);
      expect(html).not.toContain(value);
      const plain = writeLetter({ greeting: '', paragraphs: [''], link: { label: '', url: '' }, notes: [''] }).html;
      expect(html.match(/</g)).toHaveLength(plain.match(/</g)?.length ?? 0);
    },
  );
});
