import type { RecordedResponse } from './recorded-response.ts';

/** A page of 20 questions of about 12 KB, for measuring the peers alone. */
export function madeUpPage(): RecordedResponse {
  const items = Array.from({ length: 20 }, (_, index) => ({
    id: `01980000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    part: 5,
    number: 101 + index,
    stem: `The shipment of replacement parts will ------- at the warehouse before noon (${index}).`,
    options: ['arrive', 'arrival', 'arriving', 'arrived'].map((text, i) => ({
      label: 'ABCD'[i],
      text,
    })),
    tags: ['grammar', 'verb form'],
    explanation: 'A modal verb is followed by the base form. '.repeat(4).trim(),
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
  }));
  const body = Buffer.from(JSON.stringify({ items, nextCursor: 'MDE5ODAwMDA' }));
  return { status: 200, headers: [['content-type', 'application/json; charset=utf-8']], body };
}
