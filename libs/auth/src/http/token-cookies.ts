import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The prefix has browsers take them over HTTPS only, for this host alone and for all of its paths (RFC 6265bis). */
export type CookieName = '__Host-refresh' | '__Host-device';

export function readCookie({ headers }: FastifyRequest, name: CookieName): string | undefined {
  const value = headers.cookie === undefined ? undefined : parseCookie(headers.cookie)[name];
  return value === '' ? undefined : value;
}

/** Scripts cannot read it, and no other site's page has it sent. With a life of 0 the browser forgets it. */
export function writeCookie(reply: FastifyReply, name: CookieName, value: string, lifeMs: number): void {
  const cookie = { name, value, maxAge: Math.floor(lifeMs / 1000), path: '/', httpOnly: true, secure: true } as const;
  void reply.header('Set-Cookie', stringifySetCookie({ ...cookie, sameSite: 'strict' }));
}
