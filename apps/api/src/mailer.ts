import type { AppConfig } from '@app/config';
import { Logger } from '@nestjs/common';

/** How mail leaves: SMTP is loaded only where a server is configured; the outbox is the library's own default. */
export async function mailerFor({ environment, mail }: AppConfig) {
  if (mail.smtpUrl !== undefined) {
    const { SmtpMailer } = await import('./smtp-mailer.js');
    return { mailer: SmtpMailer };
  }
  if (environment === 'production') {
    new Logger('Mail').warn(`SMTP_URL is not set: nobody gets mail. Letters are written to ${mail.outboxDir}`);
  }
  return {};
}
