import { idSchema, pageOf, timeSchema } from '@app/http';
import { z } from 'zod';
import type { Session } from '../session.js';

export const sessionView = z
  .object({
    id: idSchema,
    current: z.boolean(),
    device: z.object({ name: z.string() }),
    ip: z.string(),
    createdAt: timeSchema,
    lastSeenAt: timeSchema,
  })
  .meta({
    id: 'Session',
    example: {
      id: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80',
      current: true,
      device: { name: 'Firefox on Linux' },
      ip: '203.0.113.7',
      createdAt: '2026-11-22T09:30:00.000Z',
      lastSeenAt: '2026-11-22T10:05:12.000Z',
    },
  });

export const sessionListView = pageOf('SessionList', sessionView);

export const revokeSessionsQuery = z.strictObject({
  except: z.literal('current').describe('Which session stays.'),
});

export function toSessionView(session: Session, currentId: string): z.output<typeof sessionView> {
  const { id, deviceName, ip, createdAt, lastSeenAt } = session;
  return {
    id,
    current: id === currentId,
    device: { name: deviceName },
    ip,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
  };
}
