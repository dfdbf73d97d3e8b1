/** What a letter says; none of it is markup. */
export interface Letter {
  readonly greeting: string;
  readonly paragraphs: readonly string[];
  /** Shown as a link after the paragraphs, and as its address for readers that show no links. */
  readonly link?: { readonly label: string; readonly url: string };
  /** After the link, smaller. */
  readonly notes?: readonly string[];
}

const SIGNATURE = 'Mockingbird';
const PARAGRAPH = 'margin:0 0 16px';

/** The two forms of one letter: plain text, and simple HTML in which every value is text. */
export function writeLetter({ greeting, paragraphs, link, notes = [] }: Letter): {
  readonly text: string;
  readonly html: string;
} {
  const text = [
    greeting,
    ...paragraphs,
    ...(link === undefined ? [] : [`${link.label}:\n${link.url}`]),
    ...notes,
    `-- \n${SIGNATURE}`,
  ].join('\n\n');
  const html = [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"></head>',
    '<body style="font-family:sans-serif;line-height:1.5;max-width:36em;margin:24px auto;padding:0 16px">',
    ...[greeting, ...paragraphs].map((line) => `<p style="${PARAGRAPH}">${escapeHtml(line)}</p>`),
    ...(link === undefined
      ? []
      : [`<p style="${PARAGRAPH}"><a href="${escapeHtml(link.url)}">${escapeHtml(link.label)}</a></p>`]),
    ...notes.map((line) => `<p style="${PARAGRAPH};font-size:smaller">${escapeHtml(line)}</p>`),
    `<p style="${PARAGRAPH};color:#666">${SIGNATURE}</p></body></html>`,
  ].join('\n');
  return { text: `${text}\n`, html };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
