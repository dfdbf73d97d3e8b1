import { createHmac, sign, type KeyObject } from 'node:crypto';
import { decodeJwt, type JWTPayload } from 'jose';
import { SigningKeys } from '../../libs/auth/src/signing-keys.js';
import type { TestApp } from './test-app.js';

type Json = Record<string, unknown>;

/** Makes access tokens that the installation never issued, from one that it did. */
export class TokenForge {
  private readonly keys: SigningKeys;
  readonly claims: JWTPayload;

  constructor({ app }: Pick<TestApp, 'app'>, accessToken: string) {
    this.keys = app.get(SigningKeys, { strict: false });
    this.claims = decodeJwt(accessToken);
  }

  get kid(): string {
    return this.keys.current().kid;
  }

  get publicKeyPem(): string {
    return this.keys.current().publicKey.export({ type: 'spki', format: 'pem' }).toString();
  }

  get header(): Json {
    return { alg: 'ES256', typ: 'at+jwt', kid: this.kid };
  }

  /** Signed with the installation's own key; members given as undefined are left out. */
  signed(claims: Json = {}, header: Json = {}): string {
    return this.signedText(JSON.stringify({ ...this.claims, ...claims }), header);
  }

  /** The same for a payload that need not be JSON. */
  signedText(payload: string, header: Json = {}, privateKey = this.keys.current().privateKey): string {
    return this.signedInput(inputOf({ ...this.header, ...header }, payload), privateKey);
  }

  /** The same for header and payload as they are sent, whatever they are. */
  signedParts(header: string, payload: string): string {
    return this.signedInput(`${header}.${payload}`, this.keys.current().privateKey);
  }

  /** Signed with HMAC, the key being whatever an attacker knows. */
  hmac(key: string | Buffer, header: Json = {}): string {
    const input = inputOf({ ...this.header, alg: 'HS256', ...header }, JSON.stringify(this.claims));
    return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
  }

  /** With a signature that is just given. */
  unsigned(header: Json, signature = ''): string {
    return `${inputOf(header, JSON.stringify(this.claims))}.${signature}`;
  }

  private signedInput(input: string, key: KeyObject): string {
    return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  }
}

function inputOf(header: Json, payload: string): string {
  return [JSON.stringify(header), payload].map((part) => Buffer.from(part).toString('base64url')).join('.');
}
