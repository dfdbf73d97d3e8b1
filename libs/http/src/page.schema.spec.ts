import { pageQuerySchema, toPage } from './page.schema.js';

const page = (rows: readonly number[], limit: number) =>
  toPage(
    rows,
    limit,
    (row) => `item ${row}`,
    (row) => `after ${row}`,
  );

describe('toPage', () => {
  it('cuts the row read beyond the limit, and points at the last one shown', () => {
    expect(page([1, 2, 3], 2)).toEqual({ items: ['item 1', 'item 2'], nextCursor: 'after 2' });
  });

  it('ends with a page that is exactly full', () => {
    expect(page([1, 2], 2)).toEqual({ items: ['item 1', 'item 2'], nextCursor: null });
  });

  it('is empty for no rows', () => {
    expect(page([], 2)).toEqual({ items: [], nextCursor: null });
  });
});

describe('pageQuerySchema', () => {
  it('takes 20 rows unless asked', () => expect(pageQuerySchema.parse({})).toEqual({ limit: 20 }));

  it.each(['1', '100'])('takes a limit of %s', (limit) => {
    expect(pageQuerySchema.parse({ limit })).toEqual({ limit: Number(limit) });
  });

  it.each(['0', '101', '-1', '1.5', 'x', 'Infinity', ''])('refuses a limit of "%s"', (limit) => {
    expect(pageQuerySchema.safeParse({ limit }).success).toBe(false);
  });

  it('refuses a cursor of more than 500 characters', () => {
    expect(pageQuerySchema.safeParse({ cursor: 'x'.repeat(501) }).success).toBe(false);
  });
});
