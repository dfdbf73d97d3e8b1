import { Inject, Injectable } from '@nestjs/common';
import { MAIL_OPTIONS, writeLetter, type Letter, type MailMessage, type MailOptions } from '@app/mail';
import type { User } from '@app/users';

/** What the owner should recognise, or not. */
export interface LoginFacts {
  readonly at: Date;
  readonly deviceName: string;
  readonly ip: string;
}

const UTC = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
const NOT_YOU = 'If it was not you, somebody knows your password:';

/** The letters about an account, in English. */
@Injectable()
export class AccountLetters {
  constructor(@Inject(MAIL_OPTIONS) private readonly options: Pick<MailOptions, 'publicUrl'>) {}

  verification(user: User, token: string, validHours: number): MailMessage {
    return this.letterTo(user, 'Confirm your e-mail address', {
      paragraphs: ['An account was made with this e-mail address. Confirm that the address is yours:'],
      link: { label: 'Confirm the address', url: this.link('verify-email', token) },
      notes: [`The link works once, for ${validHours} hours.`, 'If you made no account, ignore this letter.'],
    });
  }

  passwordReset(user: User, token: string, validMinutes: number): MailMessage {
    return this.letterTo(user, 'Choose a new password', {
      paragraphs: ['Somebody, probably you, asked for a new password for your account.'],
      link: { label: 'Choose a new password', url: this.link('reset-password', token) },
      notes: [
        `The link works once, for ${validMinutes} minutes. A new password logs you out on every device.`,
        'If you did not ask, ignore this letter: your password stays as it is.',
      ],
    });
  }

  passwordChanged(user: User, at: Date): MailMessage {
    return this.letterTo(user, 'Your password was changed', {
      paragraphs: [
        `The password of your account was changed on ${UTC.format(at)} (UTC). Other devices were logged out.`,
        'If it was not you, ask for a new password at once:',
      ],
      link: { label: 'Ask for a new password', url: this.link('forgot-password') },
    });
  }

  secondFactorChanged(user: User, on: boolean, at: Date): MailMessage {
    const turned = on ? 'on' : 'off';
    return this.letterTo(user, `Login codes were turned ${turned}`, {
      paragraphs: [
        `On ${UTC.format(at)} (UTC) the authenticator app of your account was turned ${turned}. ${
          on ? 'From now on a login needs a code of it.' : 'A login needs no code any more.'
        }`,
        `${NOT_YOU} ask for a new one, which logs out every device:`,
      ],
      link: { label: 'Ask for a new password', url: this.link('forgot-password') },
    });
  }

  passkeyAdded(user: User, name: string, at: Date): MailMessage {
    return this.letterTo(user, 'A passkey was added', {
      paragraphs: [
        'A passkey was added to your account. Whoever has it can log in without your password.',
        `Time: ${UTC.format(at)} (UTC)`,
        `Passkey: ${name}`,
        `If it was not you, remove it in the settings of your account, and ask for a new password, which logs out every device:`,
      ],
      link: { label: 'Ask for a new password', url: this.link('forgot-password') },
    });
  }

  newDevice(user: User, { at, deviceName, ip }: LoginFacts): MailMessage {
    return this.letterTo(user, 'Login from a new device', {
      paragraphs: [
        'Somebody logged in to your account from a device that was not used before.',
        `Time: ${UTC.format(at)} (UTC)`,
        `Device: ${deviceName}`,
        `IP address: ${ip}`,
        `If it was you, there is nothing to do. ${NOT_YOU} log out everywhere and change your password in the settings of your account, or ask for a new password, which logs out every device too:`,
      ],
      link: { label: 'Ask for a new password', url: this.link('forgot-password') },
    });
  }

  /**
   * Uses the name only where the address is known to be the user's: else anybody could have us send words of theirs
   * to strangers.
   */
  private letterTo(
    { email, displayName, emailVerifiedAt }: User,
    subject: string,
    letter: Omit<Letter, 'greeting'>,
  ): MailMessage {
    const name = emailVerifiedAt === null ? undefined : displayName;
    const greeting = name === undefined ? 'Hello,' : `Hello ${name},`;
    return { to: { address: email, name }, subject, ...writeLetter({ greeting, ...letter }) };
  }

  /** The token is in the fragment, which browsers send to no server. */
  private link(page: string, token?: string): string {
    return `${this.options.publicUrl}/${page}${token === undefined ? '' : `#token=${token}`}`;
  }
}
