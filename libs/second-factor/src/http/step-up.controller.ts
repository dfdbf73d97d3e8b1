import { CurrentPrincipal, DescribeRoute, Device, type DeviceFacts, type Principal } from '@app/http';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { StepUpService } from '../step-up.service.js';
import { stepUpSchema, type StepUpBody } from './second-factor.view.js';

@ApiTags('auth')
@Controller('auth/step-up')
export class StepUpController {
  constructor(private readonly stepUp: StepUpService) {}

  @Post()
  @HttpCode(204)
  @DescribeRoute({
    summary: 'Show again that it is me',
    description:
      'What routes that answer 403 `auth.step_up_required` ask for: a code where the account has an authenticator app, the password elsewhere. A login counts, too.',
    problems: { 422: '`auth.current_password_wrong`, `auth.code_wrong` or `auth.code_needed`' },
  })
  prove(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: stepUpSchema }) proof: StepUpBody,
    @Device() device: DeviceFacts,
  ) {
    return this.stepUp.stepUp(principal, proof, device);
  }
}
