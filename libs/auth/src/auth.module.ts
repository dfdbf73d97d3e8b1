import { UsersModule } from '@app/users';
import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { AccessTokenIssuer } from './access-token-issuer.js';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { AccountsService } from './accounts.service.js';
import { ConfigurableModuleClass } from './auth.module-definition.js';
import { AccessTokenStrategy, AuthController, JwksController, SigningKeysController } from './http/index.js';
import { PasswordHasher } from './password-hasher.js';
import { SigningKeyRepository } from './postgres/index.js';
import { SigningKeyRotation } from './signing-key-rotation.js';
import { SigningKeys } from './signing-keys.js';

@Module({
  imports: [UsersModule, JwtModule.register({}), PassportModule],
  controllers: [AuthController, JwksController, SigningKeysController],
  providers: [
    AccessTokenIssuer,
    AccessTokenStrategy,
    AccessTokenVerifier,
    AccountsService,
    PasswordHasher,
    SigningKeyRepository,
    SigningKeyRotation,
    SigningKeys,
  ],
  exports: [AccessTokenStrategy, AccessTokenVerifier, AccountsService, SigningKeys],
})
export class AuthModule extends ConfigurableModuleClass {}
