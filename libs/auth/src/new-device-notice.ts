import type { DeviceFacts } from '@app/http';
import { MailQueue } from '@app/mail';
import { AuthEventLog, deviceNameOf } from '@app/sessions';
import type { User } from '@app/users';
import { Injectable } from '@nestjs/common';
import { AccountLetters } from './account-letters.js';
import { KnownDeviceRepository } from './postgres/index.js';

/** Tells the owner of a login from a device that the account was never used on; not of the very first one. */
@Injectable()
export class NewDeviceNotice {
  constructor(
    private readonly devices: KnownDeviceRepository,
    private readonly letters: AccountLetters,
    private readonly mail: MailQueue,
    private readonly events: AuthEventLog,
  ) {}

  /** After a login or a registration; one query where the device is known. */
  async note(user: User, { userAgent, ip }: DeviceFacts): Promise<void> {
    const deviceName = deviceNameOf(userAgent);
    if (await this.devices.isKnown(user.id, deviceName)) return;
    await this.devices.transaction(async (tx) => {
      if (!(await this.devices.addFurther(tx, user.id, deviceName))) return;
      await this.events.record([{ kind: 'login.new_device', userId: user.id, deviceName, ip }], tx);
      await this.mail.enqueue(this.letters.newDevice(user, { at: new Date(), deviceName, ip }), tx);
    });
  }
}
