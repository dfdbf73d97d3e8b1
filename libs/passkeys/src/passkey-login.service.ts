import { AccountsService, type LoggedIn } from '@app/auth';
import type { DeviceFacts } from '@app/http';
import { AuthEventLog, deviceNameOf } from '@app/sessions';
import { UsersService } from '@app/users';
import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  generateAuthenticationOptions,
  verifyAuthenticationResponse,
  type AuthenticationResponseJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import { challengeIn } from './client-data.js';
import { PasskeyChallenges } from './passkey-challenges.js';
import type { Passkey } from './passkey.js';
import { PasskeyRefusedError } from './passkeys.errors.js';
import { PASSKEYS_OPTIONS, type PasskeysOptions } from './passkeys.options.js';
import { PasskeyRepository, UsedChallengesRepository } from './postgres/index.js';
import { userHandleOf } from './user-handle.js';

/** Logins with a passkey: something one has, unlocked by something one knows or is, and so both factors at once. */
@Injectable()
export class PasskeyLoginService {
  private readonly logger = new Logger(PasskeyLoginService.name);

  constructor(
    private readonly repository: PasskeyRepository,
    private readonly used: UsedChallengesRepository,
    private readonly challenges: PasskeyChallenges,
    private readonly users: UsersService,
    private readonly accounts: AccountsService,
    private readonly events: AuthEventLog,
    @Inject(PASSKEYS_OPTIONS) private readonly options: PasskeysOptions,
  ) {}

  /** Of no account in particular: the browser lets the person choose. */
  requestOptions(): Promise<PublicKeyCredentialRequestOptionsJSON> {
    return generateAuthenticationOptions({
      rpID: this.options.domain,
      challenge: this.challenges.issue('login'),
      userVerification: 'required',
    });
  }

  /** @throws {PasskeyRefusedError} the same whatever was wrong */
  async login(response: AuthenticationResponseJSON, device: DeviceFacts): Promise<LoggedIn> {
    const passkey = await this.repository.findByCredential(response.id);
    if (passkey === undefined) throw new PasskeyRefusedError();
    const counter = await this.verify(passkey, response);
    const hash = PasskeyChallenges.hash(challengeIn(response.response.clientDataJSON));
    if (!(await this.used.use(hash))) throw new PasskeyRefusedError();
    if (!(await this.repository.use(passkey.id, counter))) return this.refuseCopy(passkey, device);
    const user = await this.users.find(passkey.userId);
    if (user?.status !== 'active') throw new PasskeyRefusedError();
    return this.accounts.open(user, device);
  }

  /** Gives the authenticator's counter. */
  private async verify(passkey: Passkey, response: AuthenticationResponseJSON): Promise<number> {
    const { credentialId, publicKey, userId } = passkey;
    try {
      const { userHandle } = response.response;
      if (userHandle !== undefined && !userHandleOf(userId).every((byte, at) => byte === bytesOf(userHandle)[at])) {
        throw new Error('The passkey is of another account');
      }
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response,
        expectedChallenge: (challenge) => this.challenges.isGood('login', challenge),
        expectedOrigin: [...this.options.origins],
        expectedRPID: this.options.domain,
        // The counter is compared where it is stored, so that of two copies at once one is refused.
        credential: { id: credentialId, publicKey: new Uint8Array(publicKey), counter: 0 },
        requireUserVerification: true,
      });
      if (!verified) throw new Error('The signature is not good');
      return authenticationInfo.newCounter;
    } catch (error) {
      // The library tells what is wrong by plain errors, for whatever a client may have sent.
      throw new PasskeyRefusedError(error);
    }
  }

  private async refuseCopy({ id, userId }: Passkey, { ip, userAgent }: DeviceFacts): Promise<never> {
    this.logger.warn({ event: 'passkey_copied', passkeyId: id, userId });
    const deviceName = deviceNameOf(userAgent);
    await this.events.record([{ kind: 'passkey.copied', userId, ip, deviceName, detail: { passkeyId: id } }]);
    throw new PasskeyRefusedError();
  }
}

function bytesOf(base64url: string): Buffer {
  return Buffer.from(base64url, 'base64url');
}
