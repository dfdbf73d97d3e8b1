import { tokensView, TokenTransport } from '@app/auth/http';
import { DescribeRoute, Device, Public, type DeviceFacts } from '@app/http';
import { Body, Controller, Header, HttpCode, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { SecondFactorLoginService } from '../second-factor-login.service.js';
import { secondFactorLoginSchema, type SecondFactorLoginBody } from './second-factor.view.js';

@ApiTags('auth')
@Controller('auth/login')
export class SecondFactorLoginController {
  constructor(
    private readonly logins: SecondFactorLoginService,
    private readonly transport: TokenTransport,
  ) {}

  @Public()
  @Post('second-factor')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @DescribeRoute({
    summary: 'Finish a login with a code',
    description: 'After `POST /auth/login` answered 401 `auth.second_factor_required` with a challenge.',
    answer: tokensView,
    problems: { 401: '`auth.second_factor_wrong`, or `auth.challenge_invalid`: begin again with the password.' },
  })
  async login(
    @Body({ schema: secondFactorLoginSchema }) { challenge, transport, ...proof }: SecondFactorLoginBody,
    @Device() device: DeviceFacts,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.transport.give(await this.logins.login(challenge, proof, device), transport, reply);
  }
}
