import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';

/** Flags of authenticator data (WebAuthn, section 6.1). */
const PRESENT = 0x01;
const VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;
/** COSE (RFC 9053): an EC2 key on P-256 for ES256. */
const COSE_KEY = { type: [1, 2], algorithm: [3, -7], curve: [-1, 1] } as const;

/** What a test lets a passkey do differently from an honest one. */
export interface Misbehaviour {
  readonly origin?: string;
  readonly domain?: string;
  readonly challenge?: string;
  readonly type?: string;
  /** False: nobody gave a PIN or a finger. */
  readonly verified?: boolean;
  /** Where its counter is; it rises by one with each login unless given. */
  readonly counter?: number;
  readonly userHandle?: string;
}

interface CreationOptions {
  readonly challenge: string;
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string };
}

interface RequestOptions {
  readonly challenge: string;
  readonly rpId: string;
}

/** A passkey in software, and the browser around it. */
export class SoftwarePasskey {
  readonly id = randomBytes(32).toString('base64url');
  private counter = 0;
  private userHandle = '';

  constructor(
    private readonly origin: string,
    private readonly keys: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
    }),
  ) {}

  /** What `navigator.credentials.create()` gives, as JSON. */
  create({ challenge, rp, user }: CreationOptions, odd: Misbehaviour = {}) {
    this.userHandle = user.id;
    const id = Buffer.from(this.id, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, id, this.coseKey()]);
    const authData = this.authenticatorData(rp.id, odd, attested);
    const attestation = new Map<string, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', new Uint8Array(authData)],
    ]);
    return this.credential({
      clientDataJSON: this.clientData('webauthn.create', challenge, odd).toString('base64url'),
      attestationObject: Buffer.from(isoCBOR.encode(attestation as never)).toString('base64url'),
      transports: ['internal'],
    });
  }

  /** What `navigator.credentials.get()` gives, as JSON. */
  get({ challenge, rpId }: RequestOptions, odd: Misbehaviour = {}) {
    this.counter += 1;
    const clientData = this.clientData('webauthn.get', challenge, odd);
    const authenticatorData = this.authenticatorData(rpId, odd);
    const signed = Buffer.concat([authenticatorData, createHash('sha256').update(clientData).digest()]);
    return this.credential({
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authenticatorData.toString('base64url'),
      signature: sign('sha256', signed, this.keys.privateKey).toString('base64url'),
      userHandle: odd.userHandle ?? this.userHandle,
    });
  }

  private credential<Response>(response: Response) {
    return { id: this.id, rawId: this.id, type: 'public-key', clientExtensionResults: {}, response };
  }

  private clientData(type: string, challenge: string, odd: Misbehaviour): Buffer {
    const data = { type: odd.type ?? type, challenge: odd.challenge ?? challenge, origin: odd.origin ?? this.origin };
    return Buffer.from(JSON.stringify({ ...data, crossOrigin: false }));
  }

  private authenticatorData(domain: string, odd: Misbehaviour, attested = Buffer.alloc(0)): Buffer {
    const rpIdHash = createHash('sha256')
      .update(odd.domain ?? domain)
      .digest();
    const credential = attested.length > 0 ? HAS_CREDENTIAL : 0;
    const flags = PRESENT | (odd.verified === false ? 0 : VERIFIED) | credential;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(odd.counter ?? this.counter);
    return Buffer.concat([rpIdHash, Buffer.from([flags]), counter, attested]);
  }

  private coseKey(): Buffer {
    const { x = '', y = '' } = this.keys.publicKey.export({ format: 'jwk' });
    const key = new Map<number, unknown>([
      ...Object.values(COSE_KEY),
      [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
      [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
    ]);
    return Buffer.from(isoCBOR.encode(key as never));
  }
}
