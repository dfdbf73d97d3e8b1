import { createHash, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { JwtService } from '@nestjs/jwt';
import { ApiClient, registerLearner, type Tokens } from '../support/api-client.js';
import { statementsOf } from '../support/app-statements.js';
import { expectProblem } from '../support/problem.js';
import { connectSocket, refusalOf } from '../support/socket-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { TokenForge } from '../support/token-forge.js';

const UNKNOWN_KIDS = 1000;
const AT_ONCE = 50;
/** An instance looks for new keys every 250 ms, and for unknown ones every 100 ms at most. */
const LOOKS_PER_SECOND = 4 + 10;

const part = (text: string) => Buffer.from(text).toString('base64url');

describe('forged tokens', () => {
  let app: TestApp;
  let anyone: ApiClient;
  let tokens: Tokens;
  let forge: TokenForge;
  let lure: Server;
  let lureUrl: string;
  let connections = 0;
  beforeAll(async () => {
    app = await startTestApp({ mode: 'memory' });
    anyone = new ApiClient(app.url);
    ({ tokens } = await registerLearner(app));
    forge = new TokenForge(app, tokens.accessToken);
    lure = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await once(lure.listen(0, '127.0.0.1'), 'listening');
    lureUrl = `http://127.0.0.1:${(lure.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    lure.close();
    await app.stop();
  });

  const me = (token: string) => anyone.call('get', 'users/me').set('Authorization', `Bearer ${token}`);
  const expectRefused = async (token: string, code = 'auth.token_invalid') => {
    expectProblem(await me(token), 401, code);
    expect(await refusalOf(app, token)).toBe(code);
  };
  const expectGood = async (token: string) => {
    await me(token).expect(200);
    expect(await refusalOf(app, token)).toBe('let in');
  };
  const claimsWith = (member: string, value: string) => {
    const { [member]: _, ...others } = forge.claims;
    return JSON.stringify(others).replace(/\}$/, `,"${member}":${value}}`);
  };
  const attacker = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  it('would be good with the right key, which shows that every refusal here has its own reason', async () => {
    await expectGood(forge.signed());
    await expectGood(forge.signedParts(part(JSON.stringify(forge.header)), part(JSON.stringify(forge.claims))));
  });

  describe('of algorithm', () => {
    it.each(['none', 'None', 'NONE', 'nOnE', 'none ', ' none', 'none\0', 'n\u043ene', '', 'null'])(
      '%j are refused, with any signature',
      async (alg) => {
        const [, , signature = ''] = tokens.accessToken.split('.');
        for (const end of ['', 'AA', signature]) await expectRefused(forge.unsigned({ ...forge.header, alg }, end));
        await expectRefused(forge.signed({}, { alg }));
      },
    );

    it.each([null, 7, true, ['ES256'], { name: 'ES256' }, undefined])('%j are refused', (alg) =>
      expectRefused(forge.signed({}, { alg })),
    );

    it('HS256 are refused when keyed with the public key, in any form', async () => {
      const jwks = await (await fetch(`${app.url}/.well-known/jwks.json`)).text();
      const [jwk] = (JSON.parse(jwks) as { keys: Record<string, string>[] }).keys;
      const key = createPublicKey({ key: jwk as never, format: 'jwk' });
      const pem = key.export({ type: 'spki', format: 'pem' }).toString();
      const der = key.export({ type: 'spki', format: 'der' });
      const coordinates = ['x', 'y'].map((name) => Buffer.from(jwk?.[name] ?? '', 'base64url'));
      const forms = [
        pem,
        pem.trim(),
        pem.replaceAll('\n', '\r\n'),
        pem.replaceAll(/-----.*-----|\n/g, ''),
        der,
        der.toString('base64'),
        Buffer.concat([Buffer.of(4), ...coordinates]),
        jwks,
        JSON.stringify(jwk),
        jwk?.['x'] as string,
        '',
      ];
      for (const form of forms) {
        for (const alg of ['HS256', 'ES256']) await expectRefused(forge.hmac(form, { alg }));
      }
    });

    it.each(['HS384', 'HS512', 'RS256', 'PS256', 'ES384', 'ES512', 'ES256K', 'EdDSA', 'es256', 'ES256 '])(
      '%s are refused, though our key signed them',
      (alg) => expectRefused(forge.signed({}, { alg })),
    );
  });

  describe('that bring a key along, or say where one is,', () => {
    const jwk = { ...attacker.publicKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' };
    const x5c = [attacker.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')];
    const headers: [string, (url: string, kid: string) => Record<string, unknown>][] = [
      ['in jwk', (_, kid) => ({ jwk: { ...jwk, kid } })],
      ['in x5c', () => ({ x5c })],
      ['at jku', (url) => ({ jku: `${url}/jwks.json` })],
      ['at jku, under another kid', (url) => ({ jku: `${url}/jwks.json`, kid: 'attacker' })],
      ['at x5u', (url) => ({ x5u: `${url}/certificate.pem` })],
      ['at x5u with a thumbprint', (url) => ({ x5u: `${url}/c.pem`, x5t: 'AAAA', 'x5t#S256': 'AAAA' })],
      ['at an address in kid', (url) => ({ kid: `${url}/key` })],
      ['everywhere', (url, kid) => ({ jwk: { ...jwk, kid }, jku: url, x5u: url, x5c })],
    ];
    it.each(headers)('%s are refused, and nobody goes and gets it', async (_, header) => {
      const extra = header(lureUrl, forge.kid);
      await expectRefused(forge.signedText(JSON.stringify(forge.claims), extra, attacker.privateKey));
      await expectRefused(forge.signed({}, extra));
      expect(connections).toBe(0);
    });
  });

  describe('with a kid that is', () => {
    const kids: [string, unknown][] = [
      ['SQL', "x' UNION SELECT 'AAAA' --"],
      ['more SQL', "'; DROP TABLE signing_keys; --"],
      ['a path', '../../../../etc/passwd'],
      ['the null device', '/dev/null'],
      ['a NUL', '\0'],
      ['a kid and a NUL', 'kid\0'],
      ['an emoji', '\u{1F511}'],
      ['half an emoji', '\uD83D'],
      ['very long', 'k'.repeat(2500)],
      ['empty', ''],
      ['blank', ' '],
      ['a prototype', '__proto__'],
      ['a member of every object', 'constructor'],
      ['an array', ['kid']],
      ['an object', { $ne: null }],
      ['a number', 0],
      ['true', true],
      ['null', null],
      ['missing', undefined],
    ];
    it.each(kids)('%s are refused', async (_, kid) => {
      await expectRefused(forge.signed({}, { kid }));
      await expectGood(tokens.accessToken);
    });

    it('right in an array are refused, and so is another spelling of it', async () => {
      await expectRefused(forge.signed({}, { kid: [forge.kid] }));
      for (const kid of [`${forge.kid} `, ` ${forge.kid}`, `${forge.kid}\0`, `${forge.kid}=`, forge.kid.slice(0, -1)]) {
        await expectRefused(forge.signed({}, { kid }));
      }
    });

    it(`unknown, ${UNKNOWN_KIDS} different ones, cost a handful of reads, and honest tokens go on`, async () => {
      const begun = performance.now();
      const statements = await statementsOf(app, async () => {
        for (let sent = 0; sent < UNKNOWN_KIDS; sent += AT_ONCE) {
          const flood = Array.from({ length: AT_ONCE }, () =>
            me(forge.signed({}, { kid: createHash('sha256').update(randomBytes(16)).digest('base64url') })),
          );
          for (const response of await Promise.all(flood)) expectProblem(response, 401, 'auth.token_invalid');
          await me(tokens.accessToken).expect(200);
        }
      });
      const seconds = (performance.now() - begun) / 1000;
      const reads = statements.filter((statement) => statement.includes('signing_keys')).length;
      expect(reads).toBeGreaterThan(0);
      expect(reads).toBeLessThanOrEqual(LOOKS_PER_SECOND * seconds + 2);
      expect(reads).toBeLessThan(UNKNOWN_KIDS / 5);
      expect(statements.filter((statement) => statement.includes('sealed_private_key'))).toEqual([]);
    });
  });

  describe('with header members that change the meaning', () => {
    it.each([
      ['an unknown critical one', { crit: ['exp'], exp: 1 }],
      ['an empty list of critical ones', { crit: [] }],
      ['unencoded payload', { crit: ['b64'], b64: false }],
      ['compression', { zip: 'DEF' }],
      ['encryption', { enc: 'A256GCM' }],
      ['a content type', { cty: 'JWT' }],
      ['one nobody knows', { mockingbird: true }],
    ])('(%s) are refused', (_, header) => expectRefused(forge.signed({}, header)));

    it.each(['JWT', 'jwt', 'AT+JWT', 'application/at+jwt', 'rt+jwt', '', null, undefined])(
      'of type %j are refused',
      (typ) => expectRefused(forge.signed({}, { typ })),
    );
  });

  describe('that say something twice', () => {
    const twice: [string, (forged: TokenForge) => [header: string, payload: string]][] = [
      ['the algorithm', ({ header, claims }) => [doubled(header, 'alg', 'none'), JSON.stringify(claims)]],
      ['the key id', ({ header, claims }) => [doubled(header, 'kid', 'other'), JSON.stringify(claims)]],
      ['the type', ({ header, claims }) => [doubled(header, 'typ', 'JWT'), JSON.stringify(claims)]],
      ['the subject', ({ header, claims }) => [JSON.stringify(header), doubled(claims, 'sub', 'admin')]],
      ['the expiry', ({ header, claims }) => [JSON.stringify(header), doubled(claims, 'exp', 1)]],
      ['the roles', ({ header, claims }) => [JSON.stringify(header), doubled(claims, 'roles', ['admin'])]],
      [
        'the roles, once escaped',
        ({ header, claims }) => [
          JSON.stringify(header),
          JSON.stringify(claims).replace('{', String.raw`{"\u0072oles":["admin"],`),
        ],
      ],
    ];
    it.each(twice)('(%s) are refused, which the JWT library alone would not do', async (_, parts) => {
      const token = forge.signedParts(...(parts(forge).map(part) as [string, string]));
      await expectRefused(token);
      const alone = () => new JwtService().verify<object>(token, { publicKey: forge.publicKeyPem });
      expect(alone).not.toThrow();
    });
  });

  describe('in another spelling', () => {
    const spellings: [string, (text: string) => string][] = [
      ['padding', (text) => `${text}=`],
      ['more padding', (text) => `${text}==`],
      ['a slash and a plus', (text) => `${text.replaceAll('-', '+').replaceAll('_', '/')}+/`],
      ['another last bit', (text) => text.slice(0, -1) + nextLetter(text.at(-1) as string)],
      ['one letter more', (text) => `${text}A`],
    ];
    const inside: [string, string][] = [
      ['a blank', ' '],
      ['a line feed', '\n'],
      ['a carriage return', '\r\n'],
      ['a tab', '\t'],
      ['a NUL', '\0'],
      ['a no-break space', '\u00A0'],
      ['a full stop', '.'],
    ];

    it.each([0, 1, 2])('of part %d are refused', async (index) => {
      for (const [name, spell] of spellings) {
        const parts = tokens.accessToken.split('.');
        const text = parts[index] as string;
        // A header or payload whose length leaves no spare bits has no other last letter of the same meaning.
        if (name === 'another last bit' && text.length % 4 === 0) continue;
        parts[index] = spell(text);
        await expectRefused(parts.join('.'));
        // Signed again, the signature fits the odd spelling.
        if (index < 2) await expectRefused(forge.signedParts(parts[0] as string, parts[1] as string));
      }
      for (const [, letter] of inside) {
        const parts = tokens.accessToken.split('.');
        const text = parts[index] as string;
        parts[index] = `${text.slice(0, 6)}${letter}${text.slice(6)}`;
        expect(await refusalOf(app, parts.join('.'))).toBe('auth.token_invalid');
        if (/[ .]/.test(letter)) expectProblem(await me(parts.join('.')), 401, 'auth.token_invalid');
      }
    });

    it('with white space around or parts missing are refused', async () => {
      const [head = '', payload = '', signature = ''] = tokens.accessToken.split('.');
      for (const text of [` ${tokens.accessToken}`, `${tokens.accessToken} x`, `"${tokens.accessToken}"`]) {
        await expectRefused(text);
      }
      for (const text of [head, `${head}.${payload}`, `${head}.${payload}.`, `${head}..${signature}`, `.${payload}.`]) {
        await expectRefused(text);
      }
      for (const text of [`${tokens.accessToken}\n`, `\n${tokens.accessToken}`]) {
        expect(await refusalOf(app, text)).toBe('auth.token_invalid');
      }
    });

    it('of JSON are refused, though our key signed them', async () => {
      const payload = JSON.stringify(forge.claims);
      for (const text of [`${payload} `, `\uFEFF${payload}`, payload.replace('{', '{\n'), payload.replace(',', ', ')]) {
        await expectRefused(forge.signedText(text));
      }
    });

    it.each(['not json', '[]', 'null', '""', '0', '{', '{}', '[{}]', `${'['.repeat(1500)}${']'.repeat(1500)}`])(
      'the payload %s is refused',
      (payload) => expectRefused(forge.signedText(payload)),
    );
  });

  describe('of another purpose', () => {
    it.each([
      ['another audience', { aud: 'another-api' }],
      ['no audience', { aud: undefined }],
      ['an empty audience', { aud: [] }],
      ['an audience that is an object', { aud: { 'mockingbird-api': true } }],
      ['another issuer', { iss: 'https://attacker.example' }],
      ['an issuer that begins alike', { iss: 'mockingbird ' }],
      ['no issuer', { iss: undefined }],
      ['no session', { sid: undefined }],
      ['no subject', { sub: undefined }],
      ['a subject that is an array', { sub: [forgedId()] }],
      ['roles that are a text', { roles: 'admin' }],
      ['a role nobody has', { roles: ['root'] }],
      ['a beginning in the future', { nbf: 9_999_999_999 }],
    ])('(%s) are refused', (_, claims) => expectRefused(forge.signed(claims)));

    it('(a refresh token for access, an access token for refreshing) are refused', async () => {
      const learner = await registerLearner(app);
      await expectRefused(learner.tokens.refreshToken);
      const { accessToken, refreshToken } = learner.tokens;
      const reversed = await anyone.call('post', 'auth/refresh', { refreshToken: accessToken });
      expectProblem(reversed, 401, 'auth.refresh_invalid');
      await expectGood(accessToken);
      await anyone.call('post', 'auth/refresh', { refreshToken }).expect(200);
    });
  });

  describe('with the expiry', () => {
    it.each(['0', '-1', '1', '-9007199254740991'])('%s have expired', (exp) =>
      expectRefused(forge.signedText(claimsWith('exp', exp)), 'auth.token_expired'),
    );

    it.each([
      '1e308',
      '1e+308',
      '1e999',
      '-0',
      '9007199254740992',
      '18446744073709551616',
      '9999999999.5',
      '9.999999999e9',
      'NaN',
      'Infinity',
      '-Infinity',
      '"NaN"',
      '"Infinity"',
      '"9999999999"',
      '"never"',
      '0x7fffffff',
      '09999999999',
      '+9999999999',
      'null',
      'true',
      '[9999999999]',
      '{}',
      '""',
    ])('%s are refused', (exp) => expectRefused(forge.signedText(claimsWith('exp', exp))));

    it('missing are refused', () => expectRefused(forge.signed({ exp: undefined })));
  });

  describe('that are too large', () => {
    it('are refused: 401 beyond 4096 characters, 431 beyond what a header may hold, 413 in a body', async () => {
      await expectRefused(forge.signed({ padding: 'x'.repeat(4000) }));
      await expectRefused(forge.signed({ padding: 'x'.repeat(7000) }));
      expectProblem(await me(forge.signed({ padding: 'x'.repeat(20_000) })), 431, 'request.headers_too_large');
      const refreshToken = 'x'.repeat(300_000);
      expectProblem(await anyone.call('post', 'auth/refresh', { refreshToken }), 413, 'request.too_large');
    });

    it('do not open a socket', async () => {
      const token = forge.signed({ padding: 'x'.repeat(20_000) });
      const opened = await Promise.race([connectSocket(app, token).catch(() => undefined), sleep(2000, undefined)]);
      expect(opened).toBeUndefined();
      await expectGood(tokens.accessToken);
    });
  });
});

/** The JSON of a value with a member that is there once more, before the right one. */
function doubled(value: object, member: string, wrong: unknown): string {
  return JSON.stringify(value).replace('{', `{${JSON.stringify(member)}:${JSON.stringify(wrong)},`);
}

function nextLetter(letter: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet[(alphabet.indexOf(letter) + 1) % 64] as string;
}

function forgedId(): string {
  return '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80';
}
