import { AccountLetters } from '@app/auth';
import type { DeviceFacts } from '@app/http';
import { MailQueue } from '@app/mail';
import { AuthEventLog, deviceNameOf } from '@app/sessions';
import { UsersService } from '@app/users';
import { Inject, Injectable } from '@nestjs/common';
import {
  generateRegistrationOptions,
  verifyRegistrationResponse,
  type PublicKeyCredentialCreationOptionsJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { challengeIn } from './client-data.js';
import { PasskeyChallenges } from './passkey-challenges.js';
import type { NewPasskey, Passkey } from './passkey.js';
import {
  PasskeyExistsError,
  PasskeyInvalidError,
  PasskeyNotFoundError,
  TooManyPasskeysError,
} from './passkeys.errors.js';
import { PASSKEYS_OPTIONS, type PasskeysOptions } from './passkeys.options.js';
import { PasskeyRepository, UsedChallengesRepository } from './postgres/index.js';
import { userHandleOf } from './user-handle.js';

const MAX_PASSKEYS = 20;

/** An account's passkeys. */
@Injectable()
export class PasskeysService {
  constructor(
    private readonly repository: PasskeyRepository,
    private readonly used: UsedChallengesRepository,
    private readonly challenges: PasskeyChallenges,
    private readonly users: UsersService,
    private readonly events: AuthEventLog,
    private readonly letters: AccountLetters,
    private readonly mail: MailQueue,
    @Inject(PASSKEYS_OPTIONS) private readonly options: PasskeysOptions,
  ) {}

  list(userId: string): Promise<Passkey[]> {
    return this.repository.ofUser(userId);
  }

  /** What a browser needs to make one. */
  async creationOptions(userId: string): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const user = await this.users.get(userId);
    const existing = await this.repository.ofUser(userId);
    return generateRegistrationOptions({
      rpName: this.options.serviceName,
      rpID: this.options.domain,
      userID: userHandleOf(userId),
      userName: user.email,
      userDisplayName: user.displayName,
      challenge: this.challenges.issue({ addTo: userId }),
      attestationType: 'none',
      excludeCredentials: existing.map(({ credentialId, transports }) => ({
        id: credentialId,
        transports: [...transports],
      })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
  }

  /**
   * @param name what the owner calls it; the device's unless given
   * @throws {PasskeyInvalidError}
   * @throws {PasskeyExistsError}
   * @throws {TooManyPasskeysError}
   */
  async add(
    userId: string,
    response: RegistrationResponseJSON,
    name: string | undefined,
    device: DeviceFacts,
  ): Promise<Passkey> {
    const verified = await this.verified(userId, response);
    const hash = PasskeyChallenges.hash(challengeIn(response.response.clientDataJSON));
    const passkey = { ...verified, name: name ?? deviceNameOf(device.userAgent) };
    return this.repository.transaction(async (tx) => {
      if (!(await this.used.use(hash, tx))) throw new PasskeyInvalidError();
      if ((await this.repository.lockAndCount(tx, userId)) >= MAX_PASSKEYS) throw new TooManyPasskeysError();
      const added = await this.repository.insert(tx, passkey);
      if (added === undefined) throw new PasskeyExistsError();
      await this.events.record([{ kind: 'passkey.added', userId, ip: device.ip, detail: { passkeyId: added.id } }], tx);
      const letter = this.letters.passkeyAdded(await this.users.get(userId), added.name, new Date());
      await this.mail.enqueue(letter, tx);
      return added;
    });
  }

  /** @throws {PasskeyNotFoundError} */
  async rename(userId: string, id: string, name: string): Promise<Passkey> {
    const passkey = await this.repository.rename(userId, id, name);
    if (passkey === undefined) throw new PasskeyNotFoundError();
    return passkey;
  }

  /** @throws {PasskeyNotFoundError} */
  async remove(userId: string, id: string, { ip }: DeviceFacts): Promise<void> {
    await this.repository.transaction(async (tx) => {
      if (!(await this.repository.remove(tx, userId, id))) throw new PasskeyNotFoundError();
      await this.events.record([{ kind: 'passkey.removed', userId, ip, detail: { passkeyId: id } }], tx);
    });
  }

  private async verified(userId: string, response: RegistrationResponseJSON): Promise<Omit<NewPasskey, 'name'>> {
    try {
      const { registrationInfo } = await verifyRegistrationResponse({
        response,
        expectedChallenge: (challenge) => this.challenges.isGood({ addTo: userId }, challenge),
        expectedOrigin: [...this.options.origins],
        expectedRPID: this.options.domain,
        requireUserVerification: true,
      });
      if (registrationInfo === undefined) throw new Error('The attestation is not good');
      const { credential, credentialBackedUp } = registrationInfo;
      const { id, publicKey, counter, transports = [] } = credential;
      return { userId, credentialId: id, publicKey, counter, transports, synced: credentialBackedUp };
    } catch (error) {
      // The library tells what is wrong by plain errors, for whatever a client may have sent.
      throw new PasskeyInvalidError(error);
    }
  }
}
