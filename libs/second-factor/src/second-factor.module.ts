import { SecondFactorGate } from '@app/auth';
import { UsersModule } from '@app/users';
import { Module } from '@nestjs/common';
import { SecondFactorLoginController, SecondFactorsController, StepUpController } from './http/index.js';
import { LoginChallenges } from './login-challenge.js';
import { SecondFactorRepository } from './postgres/index.js';
import { SecondFactorCheck } from './second-factor-check.js';
import { SecondFactorLoginService } from './second-factor-login.service.js';
import { ConfigurableModuleClass } from './second-factor.module-definition.js';
import { SecondFactorsService } from './second-factors.service.js';
import { StepUpService } from './step-up.service.js';
import { TotpGate } from './totp-gate.js';

@Module({
  imports: [UsersModule],
  controllers: [SecondFactorLoginController, SecondFactorsController, StepUpController],
  providers: [
    LoginChallenges,
    SecondFactorCheck,
    { provide: SecondFactorGate, useClass: TotpGate },
    SecondFactorLoginService,
    SecondFactorRepository,
    SecondFactorsService,
    StepUpService,
  ],
  exports: [SecondFactorGate],
})
export class SecondFactorModule extends ConfigurableModuleClass {}
