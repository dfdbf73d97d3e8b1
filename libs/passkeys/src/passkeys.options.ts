export interface PasskeysOptions {
  /** Root of the key that challenges are signed with. */
  readonly secret: string;
  /** What prompts call this installation. */
  readonly serviceName: string;
  /** The domain that passkeys are for (WebAuthn's RP ID); those of another one are good no more. */
  readonly domain: string;
  /** Origins of the pages that may ask for them. */
  readonly origins: readonly string[];
}

export const PASSKEYS_OPTIONS = Symbol('PASSKEYS_OPTIONS');
