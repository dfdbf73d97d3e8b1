import { pageQuerySchema } from '@app/http';
import { z } from 'zod';
import { SUSPICION_KINDS } from '../suspicion.js';

const daySchema = z.iso
  .date()
  .refine((day) => day >= '2000-01-01' && day <= '2999-12-31', 'Use a day from 2000-01-01 to 2999-12-31.');

export const rangeQuery = z.object({
  from: daySchema.optional().describe('The first day, in UTC; so that there are 30 unless given.'),
  to: daySchema.optional().describe('The last day, in UTC; today unless given. At most 400 days at once.'),
});
export type RangeQuery = z.output<typeof rangeQuery>;

export const reportQuery = rangeQuery.extend({
  format: z.enum(['json', 'csv']).default('json').describe('`csv` answers a file for spreadsheets.'),
});
export type ReportQuery = z.output<typeof reportQuery>;

export const suspicionQuery = pageQuerySchema.extend({
  ...reportQuery.shape,
  kind: z.enum(SUSPICION_KINDS).optional().describe('Of this kind only.'),
});
export type SuspicionQuery = z.output<typeof suspicionQuery>;
