import { idSchema, pageOf, pageQuerySchema, timeSchema } from '@app/http';
import type { RecordedEvent } from '@app/sessions';
import { z } from 'zod';

export const auditEntryView = z
  .object({
    id: idSchema,
    at: timeSchema,
    kind: z.string().describe('Such as `account.disabled`, `session.revoked`, `sessions.revoked_all`.'),
    actorId: idSchema.describe('Who did it.'),
    userId: idSchema.nullable().describe('Whose account it was done to; it may be gone.'),
    sessionId: idSchema.nullable(),
    ip: z.string().nullable().describe('Where from.'),
    reason: z.string().nullable(),
  })
  .meta({
    id: 'AuditEntry',
    example: {
      id: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80',
      at: '2026-11-22T09:30:00.000Z',
      kind: 'session.revoked',
      actorId: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f81',
      userId: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f82',
      sessionId: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f83',
      ip: '203.0.113.7',
      reason: 'admin',
    },
  });

export const auditListView = pageOf('AuditEntryList', auditEntryView);

export const auditQuery = pageQuerySchema.extend({
  actorId: z.uuid().optional().describe('Who did it.'),
  userId: z.uuid().optional().describe('Whose account it was done to.'),
  kind: z.string().max(60).optional().describe('What was done, such as `account.disabled`.'),
  from: z.iso.datetime({ offset: true }).optional().describe('The first moment.'),
  to: z.iso.datetime({ offset: true }).optional().describe('The moment after the last.'),
});
export type AuditQuery = z.output<typeof auditQuery>;

export function toAuditEntryView(event: RecordedEvent): z.output<typeof auditEntryView> {
  const { id, at, kind, actorId, userId, sessionId, ip, detail } = event;
  const reason = typeof detail['reason'] === 'string' ? detail['reason'] : null;
  return { id, at: at.toISOString(), kind, actorId: actorId ?? '', userId, sessionId, ip, reason };
}
