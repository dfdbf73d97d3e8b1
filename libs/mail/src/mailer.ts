export interface MailRecipient {
  readonly address: string;
  /** As the person writes it; any script. */
  readonly name?: string | undefined;
}

export interface MailMessage {
  readonly to: MailRecipient;
  readonly subject: string;
  readonly text: string;
  readonly html?: string | undefined;
  /** The same for each try to send this message, so that a reader sees one where the reply to a try was lost. */
  readonly id?: string | undefined;
}

/**
 * Sends mail from the configured address. Resolves once another system has taken responsibility for the message.
 *
 * Slow and fallible: outside background jobs use `MailQueue`. What it throws names no secret of the message.
 */
export abstract class Mailer {
  abstract send(message: MailMessage): Promise<void>;
}
