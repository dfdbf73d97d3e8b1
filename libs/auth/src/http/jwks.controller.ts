import { DescribeRoute, Public } from '@app/http';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AUTH_OPTIONS, type AuthOptions } from '../auth.options.js';
import { SigningKeys } from '../signing-keys.js';
import { jwksView, toJwksView } from './jwks.view.js';

@ApiTags('auth')
@Controller('.well-known')
export class JwksController {
  private readonly cacheControl: string;

  constructor(
    private readonly keys: SigningKeys,
    @Inject(AUTH_OPTIONS) { keyPropagationMs }: Pick<AuthOptions, 'keyPropagationMs'>,
  ) {
    // Whoever keeps a copy has a new key well before it signs (docs/adr/0010).
    this.cacheControl = `public, max-age=${Math.floor(keyPropagationMs / 2000)}`;
  }

  @Public()
  @Get('jwks.json')
  @DescribeRoute({ summary: 'Public keys that access tokens are signed with (RFC 7517)', answer: jwksView })
  jwks(@Res({ passthrough: true }) reply: FastifyReply) {
    reply.header('Cache-Control', this.cacheControl);
    return toJwksView(this.keys.trusted());
  }
}
