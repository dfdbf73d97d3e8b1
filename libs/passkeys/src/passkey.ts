/** A WebAuthn credential that somebody logs in with. */
export interface Passkey {
  readonly id: string;
  readonly userId: string;
  /** Of the authenticator, base64url. */
  readonly credentialId: string;
  /** COSE. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly transports: readonly string[];
  readonly name: string;
  /** Also on the owner's other devices, through their vendor's account. */
  readonly synced: boolean;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

export type NewPasskey = Omit<Passkey, 'id' | 'createdAt' | 'lastUsedAt'> & { readonly counter: number };
