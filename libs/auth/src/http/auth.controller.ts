import {
  ApiOptionalBody,
  CurrentPrincipal,
  DescribeRoute,
  Device,
  Public,
  type DeviceFacts,
  type Principal,
} from '@app/http';
import { RefreshRotation, SessionsService } from '@app/sessions';
import { Body, Controller, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccountsService } from '../accounts.service.js';
import {
  loginSchema,
  refreshSchema,
  registerSchema,
  secondFactorRequiredView,
  tokensView,
  type LoginBody,
  type RefreshBody,
  type RegisterBody,
} from './auth.view.js';
import { TokenTransport } from './token-transport.js';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly sessions: SessionsService,
    private readonly rotation: RefreshRotation,
    private readonly transport: TokenTransport,
  ) {}

  @Public()
  @Post('register')
  @Header('Cache-Control', 'no-store')
  @DescribeRoute({
    summary: 'Make a learner account and log in',
    answer: tokensView,
    status: 201,
    problems: { 409: '`user.email_taken`', 422: '`auth.weak_password`' },
  })
  async register(
    @Body({ schema: registerSchema }) body: RegisterBody,
    @Device() device: DeviceFacts,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { email, password, transport, displayName = email.slice(0, email.indexOf('@')) } = body;
    return this.transport.give(
      await this.accounts.register({ email, password, displayName }, device),
      transport,
      reply,
    );
  }

  @Public()
  @Post('login')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @DescribeRoute({
    summary: 'Log in: opens a session and gives its first tokens',
    answer: tokensView,
    problems: {
      401: {
        text: '`auth.invalid_credentials`, or `auth.second_factor_required` with a challenge for `/auth/login/second-factor`.',
        view: secondFactorRequiredView,
      },
    },
  })
  async login(
    @Body({ schema: loginSchema }) { transport, ...login }: LoginBody,
    @Device() device: DeviceFacts,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const deviceToken = this.transport.deviceToken(request, login.deviceToken);
    return this.transport.give(await this.accounts.login({ ...login, deviceToken }, device), transport, reply);
  }

  @Public()
  @Post('refresh')
  @ApiOptionalBody()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @DescribeRoute({
    summary: 'Change a refresh token for new tokens',
    description:
      'Sending the same token again at once, or because the reply was lost, gives the same successor. A token replaced earlier ends the session.',
    answer: tokensView,
    problems: {
      400: '`auth.refresh_missing`: neither in the body nor in the cookie.',
      401: '`auth.refresh_invalid` or `auth.refresh_reused`: log in again.',
      403: '`auth.origin_refused`: the cookie came from a page of another origin.',
    },
  })
  async refresh(
    @Body({ schema: refreshSchema }) body: RefreshBody,
    @Device() device: DeviceFacts,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { refreshToken, transport } = this.transport.take(request, body?.refreshToken);
    return this.transport.give(await this.accounts.refresh(refreshToken, device), transport, reply);
  }

  @Public()
  @Post('revoke')
  @ApiOptionalBody()
  @HttpCode(204)
  @DescribeRoute({
    summary: 'End the session of a refresh token',
    description:
      'For clients whose access token has expired, as RFC 7009 has it: a token that is not good, or not any more, is no error.',
    problems: {
      400: '`auth.refresh_missing`: neither in the body nor in the cookie.',
      403: '`auth.origin_refused`: the cookie came from a page of another origin.',
    },
  })
  async revoke(
    @Body({ schema: refreshSchema }) body: RefreshBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.rotation.revoke(this.transport.take(request, body?.refreshToken).refreshToken);
    this.transport.forget(request, reply);
  }

  @Post('logout')
  @HttpCode(204)
  @DescribeRoute({ summary: 'End this session' })
  async logout(
    @CurrentPrincipal() principal: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.sessions.logout(principal);
    this.transport.forget(request, reply);
  }

  @Post('logout-all')
  @HttpCode(204)
  @DescribeRoute({ summary: 'End all my sessions, this one too' })
  async logoutAll(
    @CurrentPrincipal() { userId }: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.sessions.logoutEverywhere(userId);
    this.transport.forget(request, reply);
  }
}
