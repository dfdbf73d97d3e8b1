import { CurrentPrincipal, DescribeRoute, Device, Public, type DeviceFacts, type Principal } from '@app/http';
import { Body, Controller, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PasswordChangeService } from '../password-change.service.js';
import { PasswordResetService } from '../password-reset.service.js';
import {
  acceptedView,
  changePasswordSchema,
  forgotPasswordSchema,
  RESET_ACCEPTED,
  resetPasswordSchema,
  type ChangePasswordBody,
  type ForgotPasswordBody,
  type ResetPasswordBody,
} from './account-mail.view.js';
import { tokensView } from './auth.view.js';
import { TokenTransport } from './token-transport.js';

@ApiTags('auth')
@Controller('auth/password')
export class PasswordController {
  constructor(
    private readonly resets: PasswordResetService,
    private readonly changes: PasswordChangeService,
    private readonly transport: TokenTransport,
  ) {}

  @Public()
  @Post('forgot')
  @HttpCode(202)
  @Header('Cache-Control', 'no-store')
  @DescribeRoute({
    summary: 'Ask for a letter with which to choose a new password',
    description: 'Answers the same whether or not there is an account with the address.',
    answer: acceptedView,
    status: 202,
  })
  async forgot(@Body({ schema: forgotPasswordSchema }) { email }: ForgotPasswordBody, @Device() device: DeviceFacts) {
    await this.resets.request(email, device);
    return RESET_ACCEPTED;
  }

  @Public()
  @Post('reset')
  @HttpCode(204)
  @DescribeRoute({
    summary: 'Choose a new password with the token of a letter; ends all sessions',
    problems: { 422: '`auth.reset_token_invalid`: wrong, too old, or used. `auth.weak_password`' },
  })
  reset(@Body({ schema: resetPasswordSchema }) { token, password }: ResetPasswordBody, @Device() device: DeviceFacts) {
    return this.resets.reset(token, password, device);
  }

  @Post('change')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @DescribeRoute({
    summary: 'Change my password: ends my other sessions, and gives this one new tokens',
    answer: tokensView,
    problems: { 422: '`auth.current_password_wrong` or `auth.weak_password`' },
  })
  async change(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: changePasswordSchema }) body: ChangePasswordBody,
    @Device() device: DeviceFacts,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { transport = this.transport.usedBy(request) } = body;
    return this.transport.give(await this.changes.change(principal, body, device), transport, reply);
  }
}
