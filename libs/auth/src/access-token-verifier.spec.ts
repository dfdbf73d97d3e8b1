import { createHmac, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { ManualClock } from '@app/clock/testing';
import { JwtService } from '@nestjs/jwt';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { AccessTokenExpiredError, AccessTokenInvalidError } from './auth.errors.js';
import { AUDIENCE, ISSUER } from './auth.options.js';
import type { SigningKeys } from './signing-keys.js';

const KID = 'key-1';
const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

let clock: ManualClock;
let verifier: AccessTokenVerifier;
let lookedUp: string[];
let revoked: Set<string>;
beforeEach(() => {
  clock = new ManualClock();
  lookedUp = [];
  revoked = new Set();
  const keys = {
    find: async (kid: string) => {
      lookedUp.push(kid);
      return kid === KID && !revoked.has(kid) ? { kid, ...own } : undefined;
    },
    trusts: (kid: string) => kid === KID && !revoked.has(kid),
  } as unknown as SigningKeys;
  verifier = new AccessTokenVerifier(new JwtService(), keys, clock);
});

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const HEADER = { alg: 'ES256', typ: 'at+jwt', kid: KID };

function claims(changes: object = {}) {
  const now = Math.floor(clock.now() / 1000);
  return {
    sub: randomUUID(),
    sid: randomUUID(),
    jti: randomUUID(),
    iss: ISSUER,
    aud: AUDIENCE,
    iat: now,
    exp: now + 600,
    ep: 3,
    rg: 1,
    roles: ['learner'],
    ...changes,
  };
}

function signed(payload: object = claims(), header: object = HEADER, key: KeyObject = own.privateKey): string {
  return signedParts(base64url(header), base64url(payload), key);
}

/** Signed whatever the parts are. */
function signedParts(head: string, payload: string, key: KeyObject = own.privateKey): string {
  const input = `${head}.${payload}`;
  return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

const refused = (token: string) => expect(verifier.verify(token)).rejects.toBeInstanceOf(AccessTokenInvalidError);

describe('AccessTokenVerifier', () => {
  it('reads a token of ours', async () => {
    const payload = claims();
    expect(await verifier.verify(signed(payload))).toEqual({
      keyId: KID,
      userId: payload.sub,
      sessionId: payload.sid,
      epoch: 3,
      generation: 1,
      roles: ['learner'],
      expiresAtMs: payload.exp * 1000,
    });
  });

  it('refuses a token without signature, however "none" is spelled', async () => {
    for (const alg of ['none', 'None', 'NONE', '']) {
      await refused(`${base64url({ ...HEADER, alg })}.${base64url(claims())}.`);
    }
    await refused(`${base64url(HEADER)}.${base64url(claims())}.`);
  });

  it('refuses HS256 signed with the public key', async () => {
    for (const secret of [
      own.publicKey.export({ type: 'spki', format: 'pem' }),
      own.publicKey.export({ type: 'spki', format: 'der' }),
    ]) {
      const input = `${base64url({ ...HEADER, alg: 'HS256' })}.${base64url(claims())}`;
      await refused(`${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`);
    }
  });

  it('refuses other algorithms, and other curves under the right name', async () => {
    const input = `${base64url({ ...HEADER, alg: 'RS256' })}.${base64url(claims())}`;
    await refused(`${input}.${sign('sha256', Buffer.from(input), rsa.privateKey).toString('base64url')}`);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    await refused(signed(claims(), HEADER, privateKey));
  });

  it('refuses the signature of another key, also when the token brings that key along', async () => {
    const jwk = foreign.publicKey.export({ format: 'jwk' });
    await refused(signed(claims(), HEADER, foreign.privateKey));
    await refused(signed(claims(), { ...HEADER, jwk }, foreign.privateKey));
    await refused(signed(claims(), { ...HEADER, kid: 'key-2' }, foreign.privateKey));
  });

  it.each([
    ['jwk', own.publicKey.export({ format: 'jwk' })],
    ['jku', 'https://attacker.example/jwks.json'],
    ['x5u', 'https://attacker.example/cert.pem'],
    ['x5c', ['MII']],
    ['crit', ['exp']],
    ['b64', false],
    ['zip', 'DEF'],
  ])('refuses a header with %s, though the signature is right', (member, value) =>
    refused(signed(claims(), { ...HEADER, [member]: value })),
  );

  it.each([['JWT'], ['jwt'], ['AT+JWT'], ['rt+jwt'], [undefined]])('refuses the type %s', (typ) =>
    refused(signed(claims(), { ...HEADER, typ })),
  );

  it.each([
    ['another issuer', { iss: 'somebody' }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'another-api' }],
    ['no audience', { aud: undefined }],
    ['no expiry', { exp: undefined }],
    ['an expiry that is no number', { exp: 'never' }],
    ['no session', { sid: undefined }],
    ['a subject that is no id', { sub: 'admin' }],
    ['a role that does not exist', { roles: ['root'] }],
    ['no epoch', { ep: undefined }],
  ])('refuses a token with %s', (_, changes) => refused(signed(claims(changes))));

  it('refuses a token in which anything signed or the signature was changed', async () => {
    const payload = claims();
    const [head = '', , signature = ''] = signed(payload).split('.');
    await refused(`${head}.${base64url({ ...payload, roles: ['admin'] })}.${signature}`);
    await refused(`${head}.${base64url({ ...payload, exp: payload.exp + 1 })}.${signature}`);
    const token = signed(payload);
    for (let index = 0; index < token.length - 1; index += 7) {
      const other = token[index] === 'A' ? 'B' : 'A';
      if (token[index] !== '.') await refused(token.slice(0, index) + other + token.slice(index + 1));
    }
  });

  it.each([[''], ['.'], ['..'], ['a.b.c'], ['{}'], [base64url(HEADER)], [`${base64url(null)}.e30.x`]])(
    'refuses what is no token at all: "%s"',
    (text) => refused(text),
  );

  it.each(['header', 'payload'])('refuses a %s that is spelled otherwise, though it means the same', async (part) => {
    const right = JSON.stringify(part === 'header' ? HEADER : claims());
    const parts = (spelling: string) =>
      part === 'header' ? [spelling, base64url(claims())] : [base64url(HEADER), spelling];
    const refusedAs = (spelling: string) => refused(signedParts(...(parts(spelling) as [string, string])));
    const encoded = Buffer.from(right).toString('base64url');
    await verifier.verify(signedParts(...(parts(encoded) as [string, string])));
    const [, name = ''] = /"(\w+)":/.exec(right) ?? [];
    const texts = [
      right.replace('{', `{"${name}":"x",`),
      right.replace('}', `,"${name}":"x"}`),
      right.replace('{', '{ '),
      `${right}\n`,
      `\uFEFF${right}`,
      right.replace(`"${name}"`, `"\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}"`),
    ];
    for (const text of texts) await refusedAs(Buffer.from(text).toString('base64url'));
    await refusedAs(`${encoded}=`);
    await refusedAs(`${encoded.slice(0, 8)}\n${encoded.slice(8)}`);
    await refusedAs(`${encoded.slice(0, 8)} ${encoded.slice(8)}`);
  });

  it('refuses a signature with bits that mean nothing', async () => {
    const token = signed();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(token.at(-1) as string);
    await refused(token.slice(0, -1) + alphabet[last + 1]);
    await refused(`${token}=`);
    await refused(`${token}==`);
    await verifier.verify(token);
  });

  it('refuses a token it remembers once its key has been revoked', async () => {
    const token = signed();
    await verifier.verify(token);
    revoked.add(KID);
    await refused(token);
    expect(lookedUp).toHaveLength(1);
  });

  it('looks nothing up for a token that is too long or has a key id that is', async () => {
    await refused(signed(claims({ padding: 'x'.repeat(5000) })));
    await refused(signed(claims(), { ...HEADER, kid: 'k'.repeat(65) }));
    expect(lookedUp).toEqual([]);
  });

  it('lets an expired token pass for five seconds, for clocks that differ', async () => {
    const payload = claims();
    const early = signed(payload);
    clock.advance(payload.exp * 1000 - clock.now() + 4999);
    await verifier.verify(early);
    clock.advance(1);
    await expect(verifier.verify(signed(payload))).rejects.toBeInstanceOf(AccessTokenExpiredError);
  });

  it('remembers a token it has verified, and lets it expire all the same', async () => {
    const payload = claims();
    const token = signed(payload);
    const first = await verifier.verify(token);
    expect(await verifier.verify(token)).toBe(first);
    expect(lookedUp).toHaveLength(1);
    clock.advance(605_000);
    await expect(verifier.verify(token)).rejects.toBeInstanceOf(AccessTokenExpiredError);
  });

  it('remembers nothing of a token it refused', async () => {
    const token = signed(claims(), HEADER, foreign.privateKey);
    await refused(token);
    await refused(token);
    expect(lookedUp).toHaveLength(2);
  });
});
