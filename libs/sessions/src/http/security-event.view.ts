import { idSchema, pageOf, timeSchema } from '@app/http';
import { z } from 'zod';
import type { RecordedEvent } from '../postgres/index.js';

export const eventPosition = z.object({ at: z.iso.datetime({ precision: 6 }), id: z.uuid() });

export const securityEventView = z
  .object({
    id: idSchema,
    at: timeSchema,
    kind: z.string().describe('Such as `login`, `login.failed`, `password.changed`, `session.revoked`. More may come.'),
    ip: z.string().nullable(),
    device: z.object({ name: z.string() }).nullable(),
    sessionId: idSchema.nullable(),
    reason: z.string().nullable().describe('Why sessions ended.'),
    byAdmin: z.boolean().describe('Somebody else did it, who runs the installation.'),
  })
  .meta({
    id: 'SecurityEvent',
    example: {
      id: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80',
      at: '2026-11-22T09:30:00.000Z',
      kind: 'login.new_device',
      ip: '203.0.113.7',
      device: { name: 'Firefox on Linux' },
      sessionId: null,
      reason: null,
      byAdmin: false,
    },
  });

export const securityEventListView = pageOf('SecurityEventList', securityEventView);

export function toSecurityEventView(event: RecordedEvent): z.output<typeof securityEventView> {
  const { id, at, kind, ip, deviceName, sessionId, actorId, userId, detail } = event;
  const byAdmin = actorId !== null && actorId !== userId;
  return {
    id,
    at: at.toISOString(),
    kind,
    // Where an admin sits is no business of the account's owner.
    ip: byAdmin ? null : ip,
    device: deviceName === null ? null : { name: deviceName },
    sessionId,
    reason: typeof detail['reason'] === 'string' ? detail['reason'] : null,
    byAdmin,
  };
}
