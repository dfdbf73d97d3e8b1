import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The prefix has browsers take it over HTTPS only, for this host alone and for all of its paths (RFC 6265bis). */
export const REFRESH_COOKIE = '__Host-refresh';

export function readRefreshCookie({ headers }: FastifyRequest): string | undefined {
  const value = headers.cookie === undefined ? undefined : parseCookie(headers.cookie)[REFRESH_COOKIE];
  return value === '' ? undefined : value;
}

export function writeRefreshCookie(reply: FastifyReply, refreshToken: string, lifeMs: number): void {
  write(reply, refreshToken, Math.floor(lifeMs / 1000));
}

export function dropRefreshCookie(reply: FastifyReply): void {
  write(reply, '', 0);
}

/** Scripts cannot read it, and no other site's page has it sent. */
function write(reply: FastifyReply, value: string, maxAge: number): void {
  const cookie = { name: REFRESH_COOKIE, value, maxAge, path: '/', httpOnly: true, secure: true } as const;
  void reply.header('Set-Cookie', stringifySetCookie({ ...cookie, sameSite: 'strict' }));
}
