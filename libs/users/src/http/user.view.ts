import { idSchema, ROLES, timeSchema } from '@app/http';
import { z } from 'zod';
import type { User } from '../user.js';

export const USER_EXAMPLE = {
  id: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80',
  email: 'mei.tanaka@example.com',
  displayName: 'Mei Tanaka',
  roles: ['learner'],
  emailVerified: true,
  createdAt: '2026-11-22T09:30:00.000Z',
};

export const userView = z
  .object({
    id: idSchema,
    email: z.email(),
    displayName: z.string(),
    roles: z.array(z.enum(ROLES)),
    emailVerified: z.boolean().describe('Whether a letter to the address was answered.'),
    createdAt: timeSchema,
  })
  .meta({ id: 'User', example: USER_EXAMPLE });
export type UserView = z.output<typeof userView>;

export function toUserView({ id, email, displayName, roles, emailVerifiedAt, createdAt }: User): UserView {
  const emailVerified = emailVerifiedAt !== null;
  return { id, email, displayName, roles: [...roles], emailVerified, createdAt: createdAt.toISOString() };
}

export const displayNameSchema = z.string().trim().min(1).max(100);

export const changeUserSchema = z
  .strictObject({ displayName: displayNameSchema })
  .meta({ id: 'ChangeUser', example: { displayName: 'Mei Tanaka' } });
export type ChangeUser = z.output<typeof changeUserSchema>;
