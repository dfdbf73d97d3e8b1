import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { LoggedIn } from '../accounts.service.js';
import { OriginRefusedError, RefreshTokenMissingError } from '../auth.errors.js';
import { AUTH_OPTIONS, type AuthOptions } from '../auth.options.js';
import { toTokensView, type Transport, type tokensView } from './auth.view.js';
import { dropRefreshCookie, readRefreshCookie, writeRefreshCookie } from './refresh-cookie.js';

/** How refresh tokens travel: in bodies, or in a cookie that only the browser sees. The client chose at login. */
@Injectable()
export class TokenTransport {
  constructor(@Inject(AUTH_OPTIONS) private readonly options: Pick<AuthOptions, 'browserOrigins'>) {}

  give(loggedIn: LoggedIn, transport: Transport, reply: FastifyReply): z.output<typeof tokensView> {
    const view = toTokensView(loggedIn);
    if (transport === 'body') return view;
    writeRefreshCookie(reply, loggedIn.refreshToken, loggedIn.sessionRemainingMs);
    return { ...view, refreshToken: null };
  }

  /**
   * The refresh token of a request: the one in the body, else the one in the cookie.
   *
   * @throws {RefreshTokenMissingError} when there is neither
   * @throws {OriginRefusedError} when a page that is not one of ours had the cookie sent
   */
  take(request: FastifyRequest, inBody: string | undefined): { refreshToken: string; transport: Transport } {
    if (inBody !== undefined) return { refreshToken: inBody, transport: 'body' };
    const refreshToken = readRefreshCookie(request);
    if (refreshToken === undefined) throw new RefreshTokenMissingError();
    if (!this.isOurs(request)) throw new OriginRefusedError();
    return { refreshToken, transport: 'cookie' };
  }

  /** What a client uses that does not say: the cookie if it has one. */
  usedBy(request: FastifyRequest): Transport {
    return readRefreshCookie(request) === undefined ? 'body' : 'cookie';
  }

  /** Has the browser forget the cookie, if it sent one. */
  forget(request: FastifyRequest, reply: FastifyReply): void {
    if (readRefreshCookie(request) !== undefined) dropRefreshCookie(reply);
  }

  /** SameSite alone lets in every other host of the same site; browsers say with each POST where it comes from. */
  private isOurs({ headers, host }: FastifyRequest): boolean {
    const { origin } = headers;
    if (origin === undefined) return false;
    if (this.options.browserOrigins.includes(origin)) return true;
    return URL.canParse(origin) && new URL(origin).host === host;
  }
}
