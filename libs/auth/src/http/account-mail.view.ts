import { z } from 'zod';
import { emailSchema, newPasswordSchema, passwordSchema, transportSchema } from './auth.view.js';

/** Far more than a token has, so that any other one sent by mistake is called invalid, not malformed. */
const tokenSchema = z.string().min(1).max(4096).describe('From the link in the letter, after `#token=`.');
const TOKEN_EXAMPLE = 'sAkN3x0q4o2RzX0m1bqv8GkJw5cYt7uHfD9eLpIaMZE';

export const forgotPasswordSchema = z
  .strictObject({ email: emailSchema })
  .meta({ id: 'ForgotPassword', example: { email: 'mei.tanaka@example.com' } });
export type ForgotPasswordBody = z.output<typeof forgotPasswordSchema>;

export const resetPasswordSchema = z
  .strictObject({ token: tokenSchema, password: newPasswordSchema })
  .meta({ id: 'ResetPassword', example: { token: TOKEN_EXAMPLE, password: 'amber-violin-51-harbour' } });
export type ResetPasswordBody = z.output<typeof resetPasswordSchema>;

export const changePasswordSchema = z
  .strictObject({
    currentPassword: passwordSchema,
    newPassword: newPasswordSchema,
    transport: transportSchema.optional().describe('The cookie if the request has it, the body otherwise.'),
  })
  .meta({
    id: 'ChangePassword',
    example: { currentPassword: 'plum-kettle-94-river', newPassword: 'amber-violin-51-harbour' },
  });
export type ChangePasswordBody = z.output<typeof changePasswordSchema>;

export const verifyEmailSchema = z
  .strictObject({ token: tokenSchema })
  .meta({ id: 'VerifyEmail', example: { token: TOKEN_EXAMPLE } });
export type VerifyEmailBody = z.output<typeof verifyEmailSchema>;

export const acceptedView = z
  .object({ message: z.string() })
  .meta({ id: 'MailAccepted', example: { message: 'If there is such an account, a letter is on its way.' } });

export const RESET_ACCEPTED: z.output<typeof acceptedView> = {
  message: 'If there is an account with this address, a letter is on its way to it.',
};
export const VERIFICATION_ACCEPTED: z.output<typeof acceptedView> = { message: 'A letter is on its way.' };
