import { UsersModule } from '@app/users';
import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { AccessTokenIssuer } from './access-token-issuer.js';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { AccountLetters } from './account-letters.js';
import { AccountMailLimits } from './account-mail-limits.js';
import { AccountsService } from './accounts.service.js';
import { ConfigurableModuleClass } from './auth.module-definition.js';
import { DeviceMarkers } from './device-markers.js';
import { EmailVerificationService } from './email-verification.service.js';
import { ExpiredTokens } from './expired-tokens.js';
import {
  AccessTokenStrategy,
  AuthController,
  EmailController,
  JwksController,
  PasswordController,
  SigningKeysController,
  TokenTransport,
} from './http/index.js';
import { LoginLimits } from './login-limits.js';
import { NewDeviceNotice } from './new-device-notice.js';
import { PasswordChangeService } from './password-change.service.js';
import { PasswordHasher } from './password-hasher.js';
import { PasswordResetService } from './password-reset.service.js';
import { KnownDeviceRepository, OneTimeTokenRepository, SigningKeyRepository } from './postgres/index.js';
import { RecentAuthenticationCheck } from './recent-authentication.js';
import { SigningKeyRotation } from './signing-key-rotation.js';
import { SigningKeys } from './signing-keys.js';

@Module({
  imports: [UsersModule, JwtModule.register({}), PassportModule],
  controllers: [AuthController, EmailController, JwksController, PasswordController, SigningKeysController],
  providers: [
    AccessTokenIssuer,
    AccessTokenStrategy,
    AccessTokenVerifier,
    AccountLetters,
    AccountMailLimits,
    AccountsService,
    DeviceMarkers,
    EmailVerificationService,
    ExpiredTokens,
    KnownDeviceRepository,
    LoginLimits,
    NewDeviceNotice,
    OneTimeTokenRepository,
    PasswordChangeService,
    PasswordHasher,
    PasswordResetService,
    RecentAuthenticationCheck,
    SigningKeyRepository,
    SigningKeyRotation,
    SigningKeys,
    TokenTransport,
  ],
  exports: [
    AccessTokenStrategy,
    AccessTokenVerifier,
    AccountLetters,
    AccountsService,
    LoginLimits,
    PasswordHasher,
    RecentAuthenticationCheck,
    SigningKeys,
    TokenTransport,
  ],
})
export class AuthModule extends ConfigurableModuleClass {}
