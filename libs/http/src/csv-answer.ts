import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { csvRecord, type CsvRow } from './csv-text.js';

export const CSV_MEDIA_TYPE = 'text/csv';

export interface CsvTable {
  /** Without its ending; letters, digits, `-`, `_` and `.`. */
  readonly fileName: string;
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<CsvRow> | Iterable<CsvRow>;
}

/**
 * Answers a table as a CSV file. Rows are read as the client takes them, so that a long table costs no memory; the
 * first one before the answer begins, so that what fails at once is a problem. A failure later breaks the transfer off.
 */
export async function csvAnswer({ fileName, columns, rows }: CsvTable): Promise<StreamableFile> {
  const records = recordsOf(columns, rows);
  const head = [await records.next(), await records.next()];
  const text = async function* () {
    for (const { value } of head) if (value !== undefined) yield value;
    yield* records;
  };
  return new StreamableFile(Readable.from(text()), {
    type: `${CSV_MEDIA_TYPE}; charset=utf-8; header=present`,
    disposition: `attachment; filename="${fileName}.csv"`,
  });
}

async function* recordsOf(columns: readonly string[], rows: CsvTable['rows']): AsyncGenerator<string, undefined> {
  yield csvRecord(columns);
  for await (const row of rows) yield csvRecord(row);
  return undefined;
}
