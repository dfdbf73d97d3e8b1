import { CurrentPrincipal, DescribeRoute, Device, Public, type DeviceFacts, type Principal } from '@app/http';
import { SessionsService } from '@app/sessions';
import { Body, Controller, Header, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AccountsService } from '../accounts.service.js';
import {
  loginSchema,
  refreshSchema,
  registerSchema,
  tokensView,
  toTokensView,
  type LoginBody,
  type RefreshBody,
  type RegisterBody,
} from './auth.view.js';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly sessions: SessionsService,
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
  async register(@Body({ schema: registerSchema }) body: RegisterBody, @Device() device: DeviceFacts) {
    const { email, password, displayName = email.slice(0, email.indexOf('@')) } = body;
    return toTokensView(await this.accounts.register({ email, password, displayName }, device));
  }

  @Public()
  @Post('login')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @DescribeRoute({
    summary: 'Log in: opens a session and gives its first tokens',
    answer: tokensView,
    problems: { 401: '`auth.invalid_credentials`' },
  })
  async login(@Body({ schema: loginSchema }) { email, password }: LoginBody, @Device() device: DeviceFacts) {
    return toTokensView(await this.accounts.login(email, password, device));
  }

  @Public()
  @Post('refresh')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @DescribeRoute({
    summary: 'Change a refresh token for new tokens',
    description:
      'Sending the same token again at once, or because the reply was lost, gives the same successor. A token replaced earlier ends the session.',
    answer: tokensView,
    problems: { 401: '`auth.refresh_invalid` or `auth.refresh_reused`: log in again.' },
  })
  async refresh(@Body({ schema: refreshSchema }) { refreshToken }: RefreshBody, @Device() device: DeviceFacts) {
    return toTokensView(await this.accounts.refresh(refreshToken, device));
  }

  @Post('logout')
  @HttpCode(204)
  @DescribeRoute({ summary: 'End this session' })
  logout(@CurrentPrincipal() principal: Principal) {
    return this.sessions.logout(principal);
  }

  @Post('logout-all')
  @HttpCode(204)
  @DescribeRoute({ summary: 'End all my sessions, this one too' })
  logoutAll(@CurrentPrincipal() { userId }: Principal) {
    return this.sessions.logoutEverywhere(userId);
  }
}
