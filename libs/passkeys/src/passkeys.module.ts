import { UsersModule } from '@app/users';
import { Module } from '@nestjs/common';
import { ForgottenChallenges } from './forgotten-challenges.js';
import { PasskeyLoginController, PasskeysController } from './http/index.js';
import { PasskeyChallenges } from './passkey-challenges.js';
import { PasskeyLoginService } from './passkey-login.service.js';
import { ConfigurableModuleClass } from './passkeys.module-definition.js';
import { PasskeysService } from './passkeys.service.js';
import { PasskeyRepository, UsedChallengesRepository } from './postgres/index.js';

@Module({
  imports: [UsersModule],
  controllers: [PasskeyLoginController, PasskeysController],
  providers: [
    ForgottenChallenges,
    PasskeyChallenges,
    PasskeyLoginService,
    PasskeyRepository,
    PasskeysService,
    UsedChallengesRepository,
  ],
})
export class PasskeysModule extends ConfigurableModuleClass {}
