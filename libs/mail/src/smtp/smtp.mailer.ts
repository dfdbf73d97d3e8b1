import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import { MAIL_OPTIONS, type MailOptions } from '../mail.options.js';
import { Mailer, type MailMessage } from '../mailer.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** Of silence, once connected. */
const SOCKET_TIMEOUT_MS = 20_000;

/** Gives mail to an SMTP server: `smtp://` upgrades to TLS where the server offers it, `smtps://` begins with it. */
@Injectable()
export class SmtpMailer extends Mailer implements OnApplicationShutdown {
  private readonly transport: Transporter;
  private readonly idHost: string;

  constructor(@Inject(MAIL_OPTIONS) private readonly options: Pick<MailOptions, 'from' | 'smtpUrl' | 'publicUrl'>) {
    super();
    this.idHost = new URL(options.publicUrl).hostname;
    this.transport = createTransport({
      url: options.smtpUrl,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      greetingTimeout: CONNECT_TIMEOUT_MS,
      dnsTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SOCKET_TIMEOUT_MS,
      // A letter's own text never names a file or an address to be read into it.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async send({ id, to: { address, name = '' }, subject, text, html }: MailMessage): Promise<void> {
    await this.transport.sendMail({
      from: this.options.from,
      to: { address, name },
      subject,
      text,
      ...(html === undefined ? {} : { html }),
      ...(id === undefined ? {} : { messageId: `<${id}@${this.idHost}>` }),
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
  }

  onApplicationShutdown(): void {
    this.transport.close();
  }
}
