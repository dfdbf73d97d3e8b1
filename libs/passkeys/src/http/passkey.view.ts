import { transportSchema } from '@app/auth/http';
import { idSchema, pageOf, timeSchema } from '@app/http';
import { z } from 'zod';
import type { Passkey } from '../passkey.js';

const nameSchema = z.string().trim().min(1).max(100);
const bytes = (most: number) => z.string().max(most).describe('Base64url.');
const CREDENTIAL_ID = 'BASe64UrlIdOfTheCredential';
const CLIENT_DATA = 'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0';

/** What `navigator.credentials` gives, as `toJSON()` has it; members of newer browsers are let through. */
const credential = {
  id: bytes(2048),
  rawId: bytes(2048),
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['cross-platform', 'platform']).optional(),
  clientExtensionResults: z.looseObject({}).default({}),
};

export const addPasskeySchema = z
  .strictObject({
    name: nameSchema.optional().describe('The name of the device unless given.'),
    credential: z.looseObject({
      ...credential,
      response: z.looseObject({
        clientDataJSON: bytes(8192),
        attestationObject: bytes(65_536),
        transports: z.array(z.string().max(30)).max(10).optional(),
      }),
    }),
  })
  .meta({
    id: 'AddPasskey',
    example: {
      name: 'My phone',
      credential: {
        id: CREDENTIAL_ID,
        rawId: CREDENTIAL_ID,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON: CLIENT_DATA, attestationObject: 'o2NmbXRkbm9uZQ', transports: ['internal'] },
      },
    },
  });
export type AddPasskeyBody = z.output<typeof addPasskeySchema>;

export const passkeyLoginSchema = z
  .strictObject({
    transport: transportSchema.default('body'),
    credential: z.looseObject({
      ...credential,
      response: z.looseObject({
        clientDataJSON: bytes(8192),
        authenticatorData: bytes(8192),
        signature: bytes(8192),
        userHandle: bytes(128).optional(),
      }),
    }),
  })
  .meta({
    id: 'PasskeyLogin',
    example: {
      credential: {
        id: CREDENTIAL_ID,
        rawId: CREDENTIAL_ID,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON: CLIENT_DATA, authenticatorData: 'SZYN5YgOjGh0NBcP', signature: 'MEUCIQ' },
      },
    },
  });
export type PasskeyLoginBody = z.output<typeof passkeyLoginSchema>;

export const renamePasskeySchema = z
  .strictObject({ name: nameSchema })
  .meta({ id: 'RenamePasskey', example: { name: 'Work laptop' } });
export type RenamePasskeyBody = z.output<typeof renamePasskeySchema>;

export const passkeyView = z
  .object({
    id: idSchema,
    name: z.string(),
    synced: z.boolean().describe("Also on the owner's other devices."),
    createdAt: timeSchema,
    lastUsedAt: timeSchema.nullable(),
  })
  .meta({
    id: 'Passkey',
    example: {
      id: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80',
      name: 'My phone',
      synced: true,
      createdAt: '2026-11-22T09:30:00.000Z',
      lastUsedAt: null,
    },
  });
export const passkeyListView = pageOf('PasskeyList', passkeyView);

export const creationOptionsView = z.looseObject({ challenge: z.string() }).meta({
  id: 'PasskeyCreationOptions',
  description: 'For `PublicKeyCredential.parseCreationOptionsFromJSON()`.',
  example: {
    challenge: 'q83vEjRWeJq83vEjRWeJ',
    rp: { id: 'school.example', name: 'Mockingbird' },
    user: { id: 'AZCm4nwffT6bGi9MXW5_gA', name: 'mei.tanaka@example.com', displayName: 'Mei Tanaka' },
    pubKeyCredParams: [{ alg: -7, type: 'public-key' }],
  },
});

export const requestOptionsView = z.looseObject({ challenge: z.string() }).meta({
  id: 'PasskeyRequestOptions',
  description: 'For `PublicKeyCredential.parseRequestOptionsFromJSON()`.',
  example: { challenge: 'q83vEjRWeJq83vEjRWeJ', rpId: 'school.example', userVerification: 'required' },
});

export function toPasskeyView({ id, name, synced, createdAt, lastUsedAt }: Passkey): z.output<typeof passkeyView> {
  return { id, name, synced, createdAt: createdAt.toISOString(), lastUsedAt: lastUsedAt?.toISOString() ?? null };
}
