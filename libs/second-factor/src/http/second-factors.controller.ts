import { RecentAuthentication } from '@app/auth/http';
import { CurrentPrincipal, DescribeRoute, Device, type DeviceFacts, type Principal } from '@app/http';
import { Body, Controller, Delete, Get, Header, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SecondFactorsService } from '../second-factors.service.js';
import {
  recoveryCodesView,
  secondFactorsView,
  totpCodeSchema,
  totpEnrolmentView,
  type TotpCodeBody,
} from './second-factor.view.js';

const STEP_UP = '`auth.step_up_required`';

@ApiTags('users')
@Controller('users/me')
export class SecondFactorsController {
  constructor(private readonly factors: SecondFactorsService) {}

  @Get('second-factors')
  @DescribeRoute({ summary: 'Whether my logins need a code', answer: secondFactorsView })
  status(@CurrentPrincipal() { userId }: Principal) {
    return this.factors.status(userId);
  }

  @Post('totp')
  @HttpCode(200)
  @RecentAuthentication()
  @Header('Cache-Control', 'no-store')
  @DescribeRoute({
    summary: 'Begin to set up an authenticator app',
    description: 'Logins stay as they are until a code was sent to `/users/me/totp/confirm`.',
    answer: totpEnrolmentView,
    problems: { 403: STEP_UP, 409: '`auth.totp_already_on`' },
  })
  begin(@CurrentPrincipal() { userId }: Principal) {
    return this.factors.begin(userId);
  }

  @Post('totp/confirm')
  @HttpCode(200)
  @RecentAuthentication()
  @Header('Cache-Control', 'no-store')
  @DescribeRoute({
    summary: 'Turn the authenticator app on with a code of it',
    answer: recoveryCodesView,
    problems: { 403: STEP_UP, 409: '`auth.totp_already_on` or `auth.totp_not_on`', 422: '`auth.code_wrong`' },
  })
  async confirm(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: totpCodeSchema }) { code }: TotpCodeBody,
    @Device() device: DeviceFacts,
  ) {
    return { recoveryCodes: await this.factors.confirm(principal, code, device) };
  }

  @Delete('totp')
  @HttpCode(204)
  @RecentAuthentication()
  @DescribeRoute({
    summary: 'Turn the authenticator app and the recovery codes off',
    problems: { 403: STEP_UP },
  })
  turnOff(@CurrentPrincipal() { userId }: Principal, @Device() device: DeviceFacts) {
    return this.factors.turnOff(userId, device);
  }

  @Post('recovery-codes')
  @HttpCode(200)
  @RecentAuthentication()
  @Header('Cache-Control', 'no-store')
  @DescribeRoute({
    summary: 'Make new recovery codes',
    description: 'Earlier ones are good no more.',
    answer: recoveryCodesView,
    problems: { 403: STEP_UP, 409: '`auth.totp_not_on`' },
  })
  async renew(@CurrentPrincipal() { userId }: Principal) {
    return { recoveryCodes: await this.factors.renewRecoveryCodes(userId) };
  }
}
