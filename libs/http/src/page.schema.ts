import { z } from 'zod';

/** Query of every list; `limit` up to 100. */
export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('Rows of a page, 1 to 100.'),
  cursor: z.string().max(500).optional().describe('`nextCursor` of the page before.'),
});
export type PageQuery = z.output<typeof pageQuerySchema>;

/** One page of a list; `nextCursor` is null at the end. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** Schema of a page, named for the API document. */
export function pageOf<Item extends z.ZodType>(id: string, item: Item) {
  const example = z.globalRegistry.get(item)?.['example'];
  return z
    .object({
      items: z.array(item),
      nextCursor: z.string().nullable().describe('The `cursor` of the next page; null at the end.'),
    })
    .meta({ id, ...(example === undefined ? {} : { example: { items: [example], nextCursor: null } }) });
}

/** Cuts the one row read beyond `limit`, which tells that there is a next page. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  toCursor: (row: Row) => string,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toItem),
    nextCursor: rows.length > limit && last !== undefined ? toCursor(last) : null,
  };
}
