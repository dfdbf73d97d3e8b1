import { pageOf, timeSchema } from '@app/http';
import { z } from 'zod';
import type { SigningKeyStanding } from '../signing-key-standing.js';

export const keyIdSchema = z
  .string()
  .regex(/^[\w-]{43}$/)
  .describe('Id of the key: the thumbprint of its public part (RFC 7638).')
  .meta({ example: 'cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s' });

export const signingKeyView = z
  .object({
    kid: keyIdSchema,
    state: z
      .enum(['active', 'retiring', 'revoked'])
      .describe('`active`: signs, or will from `activeFrom` on; `retiring`: tokens it signed are still good.'),
    current: z.boolean().describe('It signs now.'),
    createdAt: timeSchema,
    activeFrom: timeSchema,
    validUntil: timeSchema
      .nullable()
      .describe('When its last token has expired; it is forgotten then. Null while no later key is known.'),
    revokedAt: timeSchema.nullable(),
  })
  .meta({
    id: 'SigningKey',
    example: {
      kid: 'cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s',
      state: 'active',
      current: false,
      createdAt: '2026-11-22T09:30:00.000Z',
      activeFrom: '2026-11-22T09:30:30.000Z',
      validUntil: null,
      revokedAt: null,
    },
  });

export const signingKeyListView = pageOf('SigningKeyList', signingKeyView);

export function toSigningKeyView(standing: SigningKeyStanding): z.output<typeof signingKeyView> {
  const { kid, state, current, createdAt, activeFrom, validUntil, revokedAt } = standing;
  return {
    kid,
    state,
    current,
    createdAt: createdAt.toISOString(),
    activeFrom: activeFrom.toISOString(),
    validUntil: validUntil?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
