import { idSchema, pageOf, timeSchema, type CsvRow } from '@app/http';
import { z } from 'zod';
import type { Suspicion } from '../reports.js';
import { SUSPICION_KINDS, SUSPICION_RULES } from '../suspicion.js';

export const suspicionView = z
  .object({
    id: idSchema,
    kind: z.enum(SUSPICION_KINDS),
    events: z.int().describe('How many there were within the hour.'),
    firstAt: timeSchema,
    lastAt: timeSchema,
    userId: idSchema.nullable().describe('Null where they are of one address.'),
    sessionId: idSchema.nullable(),
    ip: z.string().nullable().describe('Where the first came from; null once the account is deleted.'),
    device: z.object({ name: z.string() }).nullable().describe('What the first was sent with.'),
  })
  .meta({
    id: 'SuspiciousActivity',
    example: {
      id: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80',
      kind: 'password_guessing',
      events: 28,
      firstAt: '2026-11-22T09:30:00.000Z',
      lastAt: '2026-11-22T09:51:12.000Z',
      userId: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f81',
      sessionId: null,
      ip: '203.0.113.7',
      device: { name: 'Firefox on Linux' },
    },
  });

export const suspicionListView = pageOf('SuspiciousActivityList', suspicionView);

export const SUSPICION_COLUMNS = Object.keys(suspicionView.shape);

/** What the kinds mean, for the API document. */
export const SUSPICION_MEANINGS = Object.entries(SUSPICION_RULES)
  .map(([kind, { event, by, threshold }]) => `\`${kind}\` is ${threshold} \`${event}\` of one ${by}`)
  .join(', ');

export function toSuspicionView(suspicion: Suspicion): z.output<typeof suspicionView> {
  const { id, kind, events, firstAt, lastAt, userId, sessionId, ip, deviceName } = suspicion;
  const device = deviceName === null ? null : { name: deviceName };
  return {
    id,
    kind,
    events,
    firstAt: firstAt.toISOString(),
    lastAt: lastAt.toISOString(),
    userId,
    sessionId,
    ip,
    device,
  };
}

/** In the order of the columns. */
export async function* toSuspicionRows(suspicions: AsyncIterable<Suspicion>): AsyncGenerator<CsvRow> {
  for await (const { id, kind, events, firstAt, lastAt, userId, sessionId, ip, deviceName } of suspicions) {
    yield [id, kind, events, firstAt, lastAt, userId, sessionId, ip, deviceName];
  }
}
