import { tokensView, TokenTransport } from '@app/auth/http';
import { DescribeRoute, Device, Public, type DeviceFacts } from '@app/http';
import { Body, Controller, Header, HttpCode, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { FastifyReply } from 'fastify';
import { PasskeyLoginService } from '../passkey-login.service.js';
import { passkeyLoginSchema, requestOptionsView, type PasskeyLoginBody } from './passkey.view.js';

@ApiTags('auth')
@Controller('auth/passkeys')
export class PasskeyLoginController {
  constructor(
    private readonly logins: PasskeyLoginService,
    private readonly transport: TokenTransport,
  ) {}

  @Public()
  @Post('challenge')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @DescribeRoute({
    summary: 'What a browser needs to log in with a passkey',
    description: 'Good once, for five minutes.',
    answer: requestOptionsView,
  })
  challenge() {
    return this.logins.requestOptions();
  }

  @Public()
  @Post('login')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @DescribeRoute({
    summary: 'Log in with a passkey',
    description: 'Needs neither password nor code.',
    answer: tokensView,
    problems: { 401: '`auth.passkey_refused`' },
  })
  async login(
    @Body({ schema: passkeyLoginSchema }) { credential, transport }: PasskeyLoginBody,
    @Device() device: DeviceFacts,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const loggedIn = await this.logins.login(credential as AuthenticationResponseJSON, device);
    return this.transport.give(loggedIn, transport, reply);
  }
}
