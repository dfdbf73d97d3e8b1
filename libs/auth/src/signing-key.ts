import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { SealedBox } from './sealed-box.js';

export interface SigningKey {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  readonly publicKey: KeyObject;
  readonly publicJwk: PublicJwk;
  readonly privateKey: KeyObject;
}

/** What is published of a key. */
export type PublicJwk = Readonly<Record<'kty' | 'crv' | 'x' | 'y', string>>;

/** A key as it is stored: the private part sealed with AES-256-GCM. */
export interface StoredSigningKey {
  readonly kid: string;
  readonly publicJwk: JWK;
  readonly sealedPrivateKey: Buffer;
}

const PURPOSE = 'mockingbird signing key';

export async function generateSigningKey(secret: string): Promise<StoredSigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  return {
    kid,
    publicJwk,
    sealedPrivateKey: new SealedBox(secret, PURPOSE).seal(kid, JSON.stringify(await exportJWK(privateKey))),
  };
}

export function openSigningKey(secret: string, { kid, publicJwk, sealedPrivateKey }: StoredSigningKey): SigningKey {
  const privateJwk = JSON.parse(new SealedBox(secret, PURPOSE).open(kid, sealedPrivateKey)) as JWK;
  const publicKey = createPublicKey({ key: publicJwk, format: 'jwk' });
  return {
    kid,
    publicKey,
    publicJwk: publicKey.export({ format: 'jwk' }) as PublicJwk,
    privateKey: createPrivateKey({ key: privateJwk, format: 'jwk' }),
  };
}
