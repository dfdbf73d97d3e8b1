import type { FastifyRequest } from 'fastify';
import passport from 'passport';

type Done = (error: unknown, user?: object | false) => void;
type Verify = (request: FastifyRequest, token: string, done: Done) => void;

const SCHEME = /^Bearer ([\w~+/.-]+=*)$/i;

/** The `Authorization: Bearer` scheme (RFC 6750) for passport; what the token means is for `verify` to say. */
export class BearerStrategy extends passport.Strategy {
  constructor(
    _options: object,
    private readonly verify: Verify,
  ) {
    super();
  }

  override authenticate(request: unknown): void {
    const { headers } = request as FastifyRequest;
    const token = SCHEME.exec(headers.authorization ?? '')?.[1];
    if (token === undefined) {
      this.fail(headers.authorization === undefined ? 401 : 400);
      return;
    }
    this.verify(request as FastifyRequest, token, (error, user) => {
      if (error) this.error(error);
      else if (user) this.success(user);
      else this.fail(401);
    });
  }
}
