/** A cell of a table; null is an empty one. */
export type CsvCell = string | number | boolean | Date | null;
export type CsvRow = readonly CsvCell[];

/** What spreadsheets take for the beginning of a formula, full-width forms too (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const NEEDS_QUOTES = /[",\r\n]/;

/**
 * One record of a CSV file (RFC 4180), line end included. Text that a spreadsheet would run as a formula gets an
 * apostrophe in front, which shows that it is text; numbers are left alone.
 */
export function csvRecord(row: CsvRow): string {
  return `${row.map((cell) => (typeof cell === 'string' ? textCell(cell) : plainCell(cell))).join(',')}\r\n`;
}

function textCell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function plainCell(cell: Exclude<CsvCell, string>): string {
  if (cell === null) return '';
  return cell instanceof Date ? cell.toISOString() : String(cell);
}
