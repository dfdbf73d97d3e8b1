import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';

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

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

export async function generateSigningKey(secret: string): Promise<StoredSigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  return { kid, publicJwk, sealedPrivateKey: seal(secret, kid, JSON.stringify(await exportJWK(privateKey))) };
}

export function openSigningKey(secret: string, { kid, publicJwk, sealedPrivateKey }: StoredSigningKey): SigningKey {
  const privateJwk = JSON.parse(unseal(secret, kid, sealedPrivateKey)) as JWK;
  const publicKey = createPublicKey({ key: publicJwk, format: 'jwk' });
  return {
    kid,
    publicKey,
    publicJwk: publicKey.export({ format: 'jwk' }) as PublicJwk,
    privateKey: createPrivateKey({ key: privateJwk, format: 'jwk' }),
  };
}

function sealingKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'mockingbird signing key', 32));
}

function seal(secret: string, kid: string, text: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, sealingKey(secret), nonce).setAAD(Buffer.from(kid));
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** @throws {Error} when the secret is not the one the key was sealed with */
function unseal(secret: string, kid: string, sealed: Buffer): string {
  const decipher = createDecipheriv(CIPHER, sealingKey(secret), sealed.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(kid))
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  const body = sealed.subarray(NONCE_BYTES, -TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
}
