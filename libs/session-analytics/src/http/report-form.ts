import { csvAnswer, timeSchema, type CsvCell } from '@app/http';
import type { StreamableFile } from '@nestjs/common';
import { z } from 'zod';
import type { ReportRange } from '../report-range.js';
import type { Report } from '../reports.js';

export const dayView = z.iso.date().meta({ example: '2026-11-22' });

/** What all reports say of themselves. */
export const reportView = z.object({
  from: dayView.describe('The first day.'),
  to: dayView.describe('The last day.'),
  computedAt: timeSchema
    .nullable()
    .describe('When today was counted last, some minutes ago unless the job is late; null before the first time.'),
});

export const REPORT_EXAMPLE = { from: '2026-11-22', to: '2026-11-22', computedAt: '2026-11-22T09:30:00.000Z' };

export function toReportView({ range, computedAt }: Omit<Report<never>, 'rows'>): z.output<typeof reportView> {
  return { ...range, computedAt: computedAt?.toISOString() ?? null };
}

type RowView = Readonly<Record<string, CsvCell>>;

interface FormDefinition<Row, View extends RowView> {
  /** Names the view in the API document. */
  readonly id: string;
  readonly fileName: string;
  readonly row: z.ZodObject & z.ZodType<View>;
  readonly example: View;
  readonly toRow: (row: Row) => View;
}

/** How a report is written: rows in JSON, and the same rows, with their members as columns, in CSV. */
export class ReportForm<Row, View extends RowView> {
  readonly view: z.ZodType;
  readonly columns: readonly string[];

  constructor(private readonly definition: FormDefinition<Row, View>) {
    const { id, row, example } = definition;
    this.columns = Object.keys(row.shape);
    this.view = reportView.extend({ rows: z.array(row) }).meta({ id, example: { ...REPORT_EXAMPLE, rows: [example] } });
  }

  answer(format: 'json' | 'csv', report: Report<Row>): object | Promise<StreamableFile> {
    const rows = report.rows.map((row) => this.definition.toRow(row));
    if (format === 'json') return { ...toReportView(report), rows };
    const cells = rows.map((row) => this.columns.map((column) => row[column] ?? null));
    return csvAnswer({
      fileName: fileNameOf(this.definition.fileName, report.range),
      columns: this.columns,
      rows: cells,
    });
  }
}

export function fileNameOf(name: string, { from, to }: ReportRange): string {
  return `${name}_${from}_${to}`;
}
