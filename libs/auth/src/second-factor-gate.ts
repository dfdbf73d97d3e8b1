import type { User } from '@app/users';
import type { DeviceMarker } from './device-markers.js';

/** Somebody who gave the right password. */
export interface PasswordLogin {
  readonly user: User;
  /** Of the device, where it is known. */
  readonly marker: DeviceMarker | undefined;
}

/** Decides what a login needs beside the password. */
export abstract class SecondFactorGate {
  /**
   * Resolves where the password is enough.
   *
   * @throws {DomainError} saying what else is needed
   */
  abstract pass(login: PasswordLogin): Promise<void>;
}
