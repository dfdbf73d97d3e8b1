import { Secret, TOTP } from 'otpauth';

/** What all authenticator apps can do: RFC 6238 with SHA-1, six digits, half a minute. */
const PARAMETERS = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** 160 bits, as RFC 4226 (section 4, R6) recommends. */
const SECRET_BYTES = 20;
/** Steps that clocks may differ by, either way (RFC 6238, section 5.2). */
const WINDOW = 1;

/** Base32, without padding. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** What an authenticator app reads from a QR code: the key URI that all of them know. */
export function totpUri(secret: string, account: string, issuer: string): string {
  return new TOTP({ ...PARAMETERS, secret, issuer, label: account }).toString();
}

/** The time step that a code belongs to, in half minutes since the epoch; undefined for one that is wrong now. Spaces do not matter. */
export function stepOfCode(secret: string, code: string, nowMs: number): number | undefined {
  const totp = new TOTP({ ...PARAMETERS, secret });
  const difference = totp.validate({ token: code.replaceAll(/\s/g, ''), timestamp: nowMs, window: WINDOW });
  return difference === null ? undefined : TOTP.counter({ period: PARAMETERS.period, timestamp: nowMs }) + difference;
}
