import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  readonly mail: ParsedMail;
  /** As it came over the wire. */
  readonly source: string;
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly user: string | undefined;
}

/** A mail server on this machine, that keeps what it is given. */
export class SmtpMailbox {
  readonly received: ReceivedMail[] = [];
  /** Messages refused so far. */
  refused = 0;
  private refusals = 0;
  private silent = false;

  private constructor(private readonly server: SMTPServer) {}

  /** @param port the one of a mailbox that was closed, to come back where it was */
  static async open(options: SMTPServerOptions = {}, port = 0): Promise<SmtpMailbox> {
    // Assigned below: the server's own options need the mailbox.
    let mailbox: SmtpMailbox | undefined = undefined as SmtpMailbox | undefined;
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onAuth: ({ username }, _session, done) => done(null, { user: username ?? '' }),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
          const to = session.envelope.rcptTo.map(({ address }) => address);
          void mailbox?.take(Buffer.concat(chunks), { from, to }, session.user, done);
        });
      },
      ...options,
    });
    server.on('error', () => undefined);
    server.listen(port, '127.0.0.1');
    await once(server.server, 'listening');
    mailbox = new SmtpMailbox(server);
    return mailbox;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** Refuses the next messages for now (451). */
  refuse(messages: number): void {
    this.refusals = messages;
  }

  /** Takes messages and never says so. */
  fallSilent(): void {
    this.silent = true;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async take(
    bytes: Buffer,
    envelope: ReceivedMail['envelope'],
    user: string | undefined,
    done: (error?: Error) => void,
  ): Promise<void> {
    if (this.refusals > 0) {
      this.refusals -= 1;
      this.refused += 1;
      done(Object.assign(new Error('Come back later'), { responseCode: 451 }));
      return;
    }
    this.received.push({ mail: await simpleParser(bytes), source: bytes.toString('latin1'), envelope, user });
    if (!this.silent) done();
  }
}
