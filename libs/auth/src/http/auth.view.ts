import { idSchema, PROBLEM_EXAMPLE, problemSchema } from '@app/http';
import { displayNameSchema, toUserView, USER_EXAMPLE, userView } from '@app/users/http';
import { z } from 'zod';
import type { LoggedIn } from '../accounts.service.js';

const MAX_PASSWORD_LENGTH = 200;
/** Far more than a token has, so that any other token sent by mistake is called invalid (401), not malformed. */
const MAX_TOKEN_LENGTH = 4096;
export const emailSchema = z.email().max(254).meta({ example: 'mei.tanaka@example.com' });

export const passwordSchema = z.string().min(1).max(MAX_PASSWORD_LENGTH);
export const newPasswordSchema = z
  .string()
  .min(8)
  .max(MAX_PASSWORD_LENGTH)
  .describe('At least 8 characters, not a common one.');

export const transportSchema = z
  .enum(['body', 'cookie'])
  .describe('How the refresh token travels: in bodies, or in the HttpOnly cookie `__Host-refresh`.');
export type Transport = z.output<typeof transportSchema>;

export const registerSchema = z
  .strictObject({
    email: emailSchema,
    password: newPasswordSchema,
    displayName: displayNameSchema.optional().describe('The part of the address before the @ unless given.'),
    transport: transportSchema.default('body'),
  })
  .meta({
    id: 'Register',
    example: { email: 'mei.tanaka@example.com', password: 'plum-kettle-94-river', displayName: 'Mei Tanaka' },
  });
export type RegisterBody = z.output<typeof registerSchema>;

export const loginSchema = z
  .strictObject({
    email: emailSchema,
    password: passwordSchema,
    transport: transportSchema.default('body'),
    deviceToken: z
      .string()
      .max(MAX_TOKEN_LENGTH)
      .optional()
      .describe('The one this device got last: then the guesses of strangers do not use up its attempts.'),
  })
  .meta({ id: 'Login', example: { email: 'mei.tanaka@example.com', password: 'plum-kettle-94-river' } });
export type LoginBody = z.output<typeof loginSchema>;

/** What a login answers where the password is not enough. */
export const secondFactorRequiredView = problemSchema
  .extend({
    challenge: z.string().optional().describe('Send it back with a code within five minutes.'),
    methods: z.array(z.enum(['totp', 'recovery_code'])).optional(),
  })
  .meta({
    id: 'SecondFactorRequired',
    example: { ...PROBLEM_EXAMPLE, challenge: 'q83vEjRWeJq83vEjRWeJ', methods: ['totp', 'recovery_code'] },
  });

export const refreshSchema = z
  .strictObject({
    refreshToken: z
      .string()
      .min(1)
      .max(MAX_TOKEN_LENGTH)
      .optional()
      .describe('Left out by clients that chose the cookie.'),
  })
  .meta({ id: 'Refresh', example: { refreshToken: 'rt1.0.AZCm4nwffT6bGi9MXW5_gAAAAAD2l0c0k8Vq...' } })
  .optional();
export type RefreshBody = z.output<typeof refreshSchema>;

export const tokensView = z
  .object({
    accessToken: z.string(),
    refreshToken: z.string().nullable().describe('Null where it is in the cookie.'),
    tokenType: z.literal('Bearer'),
    expiresIn: z.int().describe('Seconds.'),
    session: z.object({ id: idSchema }),
    user: userView,
    deviceToken: z
      .string()
      .optional()
      .describe(
        'Not after a refresh, and not with the cookie. Keep it beyond logout, and send it with the next login.',
      ),
  })
  .meta({
    id: 'Tokens',
    example: {
      accessToken: 'eyJhbGciOiJFUzI1NiIsImtpZCI6IjIwMjYtMTEifQ.eyJzdWIiOiIwMTkwYTZlMi4uLiJ9.c2lnbmF0dXJl',
      refreshToken: 'rt1.0.AZCm4nwffT6bGi9MXW5_gAAAAAD2l0c0k8Vq...',
      tokenType: 'Bearer',
      expiresIn: 900,
      session: { id: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f81' },
      user: USER_EXAMPLE,
      deviceToken: 'd1.sAkN3x0q4o2RzX0m1bqv8GkJw5cYt7uHfD9eLpIaMZEQp0Yh',
    },
  });

export function toTokensView(loggedIn: LoggedIn): z.output<typeof tokensView> {
  return {
    accessToken: loggedIn.accessToken,
    refreshToken: loggedIn.refreshToken,
    tokenType: 'Bearer',
    expiresIn: loggedIn.expiresInSeconds,
    session: { id: loggedIn.sessionId },
    user: toUserView(loggedIn.user),
    deviceToken: loggedIn.deviceToken,
  };
}
