import { CurrentPrincipal, DescribeRoute, Device, Public, type DeviceFacts, type Principal } from '@app/http';
import { Body, Controller, Header, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { EmailVerificationService } from '../email-verification.service.js';
import { acceptedView, VERIFICATION_ACCEPTED, verifyEmailSchema, type VerifyEmailBody } from './account-mail.view.js';

@ApiTags('auth')
@Controller('auth/email')
export class EmailController {
  constructor(private readonly verification: EmailVerificationService) {}

  @Public()
  @Post('verify')
  @HttpCode(204)
  @DescribeRoute({
    summary: 'Confirm an e-mail address with the token of a letter',
    problems: { 422: '`auth.verification_token_invalid`: wrong, too old, or used.' },
  })
  verify(@Body({ schema: verifyEmailSchema }) { token }: VerifyEmailBody, @Device() device: DeviceFacts) {
    return this.verification.verify(token, device);
  }

  @Post('verification')
  @HttpCode(202)
  @Header('Cache-Control', 'no-store')
  @DescribeRoute({
    summary: 'Send the letter that confirms my e-mail address again',
    answer: acceptedView,
    status: 202,
    problems: { 409: '`auth.email_already_verified`' },
  })
  async sendAgain(@CurrentPrincipal() { userId }: Principal, @Device() device: DeviceFacts) {
    await this.verification.sendAgain(userId, device);
    return VERIFICATION_ACCEPTED;
  }
}
