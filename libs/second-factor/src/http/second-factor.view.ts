import { transportSchema } from '@app/auth/http';
import { z } from 'zod';

const codeSchema = z.string().max(20).describe('Six digits of the authenticator app.');
const recoveryCodeSchema = z.string().max(40).describe('One of the recovery codes; good once.');

export const secondFactorLoginSchema = z
  .strictObject({
    challenge: z.string().max(1000),
    code: codeSchema.optional(),
    recoveryCode: recoveryCodeSchema.optional(),
    transport: transportSchema.default('body'),
  })
  .refine(({ code, recoveryCode }) => (code === undefined) !== (recoveryCode === undefined), {
    message: 'Send either code or recoveryCode.',
  })
  .meta({ id: 'SecondFactorLogin', example: { challenge: 'q83vEjRWeJq83vEjRWeJ', code: '492039' } });
export type SecondFactorLoginBody = z.output<typeof secondFactorLoginSchema>;

export const stepUpSchema = z
  .strictObject({
    password: z.string().min(1).max(200).optional().describe('Where the account has no authenticator app.'),
    code: codeSchema.optional(),
    recoveryCode: recoveryCodeSchema.optional(),
  })
  .refine((proof) => Object.values(proof).filter((value) => value !== undefined).length === 1, {
    message: 'Send one of password, code and recoveryCode.',
  })
  .meta({ id: 'StepUp', example: { password: 'plum-kettle-94-river' } });
export type StepUpBody = z.output<typeof stepUpSchema>;

export const totpCodeSchema = z
  .strictObject({ code: codeSchema })
  .meta({ id: 'TotpCode', example: { code: '492039' } });
export type TotpCodeBody = z.output<typeof totpCodeSchema>;

export const secondFactorsView = z
  .object({
    totp: z.boolean().describe('Whether a login needs a code of an authenticator app.'),
    recoveryCodesLeft: z.int(),
  })
  .meta({ id: 'SecondFactors', example: { totp: true, recoveryCodesLeft: 9 } });

export const totpEnrolmentView = z
  .object({
    secret: z.string().describe('Base32, to type into an app that reads no QR code.'),
    uri: z.string().describe('Show it as a QR code.'),
  })
  .meta({
    id: 'TotpEnrolment',
    example: {
      secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
      uri: 'otpauth://totp/Mockingbird:mei.tanaka%40example.com?issuer=Mockingbird&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30',
    },
  });

export const recoveryCodesView = z
  .object({ recoveryCodes: z.array(z.string()).describe('Never shown again.') })
  .meta({ id: 'RecoveryCodes', example: { recoveryCodes: ['7K2QF-0XM4D', 'W3R8T-6YH1C'] } });
