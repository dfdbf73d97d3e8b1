import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { LoggedIn } from '../accounts.service.js';
import { OriginRefusedError, RefreshTokenMissingError } from '../auth.errors.js';
import { AUTH_OPTIONS, type AuthOptions } from '../auth.options.js';
import { toTokensView, type Transport, type tokensView } from './auth.view.js';
import { readCookie, writeCookie } from './token-cookies.js';

/** The longest that browsers keep a cookie. */
const DEVICE_COOKIE_LIFE_MS = 400 * 86_400_000;

/** How refresh tokens travel: in bodies, or in a cookie that only the browser sees. The client chose at login. */
@Injectable()
export class TokenTransport {
  constructor(@Inject(AUTH_OPTIONS) private readonly options: Pick<AuthOptions, 'browserOrigins'>) {}

  give(loggedIn: LoggedIn, transport: Transport, reply: FastifyReply): z.output<typeof tokensView> {
    const view = toTokensView(loggedIn);
    if (transport === 'body') return view;
    const { refreshToken, sessionRemainingMs, deviceToken } = loggedIn;
    writeCookie(reply, '__Host-refresh', refreshToken, sessionRemainingMs);
    if (deviceToken !== undefined) writeCookie(reply, '__Host-device', deviceToken, DEVICE_COOKIE_LIFE_MS);
    return { ...view, refreshToken: null, deviceToken: undefined };
  }

  /**
   * The refresh token of a request: the one in the body, else the one in the cookie.
   *
   * @throws {RefreshTokenMissingError} when there is neither
   * @throws {OriginRefusedError} when a page that is not one of ours had the cookie sent
   */
  take(request: FastifyRequest, inBody: string | undefined): { refreshToken: string; transport: Transport } {
    if (inBody !== undefined) return { refreshToken: inBody, transport: 'body' };
    const refreshToken = readCookie(request, '__Host-refresh');
    if (refreshToken === undefined) throw new RefreshTokenMissingError();
    if (!this.isOurs(request)) throw new OriginRefusedError();
    return { refreshToken, transport: 'cookie' };
  }

  /** What a client has kept of an earlier login, in the body or the cookie. */
  deviceToken(request: FastifyRequest, inBody: string | undefined): string | undefined {
    return inBody ?? readCookie(request, '__Host-device');
  }

  /** What a client uses that does not say: the cookie if it has one. */
  usedBy(request: FastifyRequest): Transport {
    return readCookie(request, '__Host-refresh') === undefined ? 'body' : 'cookie';
  }

  /** Has the browser forget the refresh token, if it sent one. */
  forget(request: FastifyRequest, reply: FastifyReply): void {
    if (this.usedBy(request) === 'cookie') writeCookie(reply, '__Host-refresh', '', 0);
  }

  /** SameSite alone lets in every other host of the same site; browsers say with each POST where it comes from. */
  private isOurs({ headers, host }: FastifyRequest): boolean {
    const { origin } = headers;
    if (origin === undefined) return false;
    if (this.options.browserOrigins.includes(origin)) return true;
    return URL.canParse(origin) && new URL(origin).host === host;
  }
}
