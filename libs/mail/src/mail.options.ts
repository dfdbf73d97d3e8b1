export interface MailOptions {
  /** `name@host`, or `Name <name@host>`. */
  readonly from: string;
  /** Start of the links in letters, without a slash at its end. */
  readonly publicUrl: string;
  /** Absent: letters are written to the outbox. */
  readonly smtpUrl: string | undefined;
  /** Folder of the outbox, made when the first letter is written. */
  readonly outboxDir: string;
}

export const MAIL_OPTIONS = Symbol('MAIL_OPTIONS');
