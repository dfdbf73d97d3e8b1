import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { MAIL_OPTIONS, type MailOptions } from '../mail.options.js';
import { Mailer, type MailMessage } from '../mailer.js';

/** Older letters go: an outbox is to be looked into, not an archive of secrets. */
const KEEP_LETTERS = 200;

/** Writes each letter to a file that only this user can read, where there is no mail server to give it to. */
@Injectable()
export class OutboxMailer extends Mailer {
  private readonly logger = new Logger('Outbox');

  constructor(@Inject(MAIL_OPTIONS) private readonly options: Pick<MailOptions, 'from' | 'outboxDir'>) {
    super();
  }

  async send({ id = randomUUID(), to, subject, text, html }: MailMessage): Promise<void> {
    const { from, outboxDir } = this.options;
    const sentAt = new Date().toISOString();
    const file = join(outboxDir, `${sentAt.replaceAll(':', '-')}-${id}.json`);
    await mkdir(outboxDir, { recursive: true, mode: 0o700 });
    // Under its final name only once it is whole.
    await writeFile(`${file}.part`, `${JSON.stringify({ id, sentAt, from, to, subject, text, html }, null, 2)}\n`, {
      mode: 0o600,
    });
    await rename(`${file}.part`, file);
    this.logger.log(`No mail server is configured: a letter is in ${file}`);
    await this.prune();
  }

  private async prune(): Promise<void> {
    const letters = (await readdir(this.options.outboxDir)).filter((name) => name.endsWith('.json')).toSorted();
    await Promise.all(
      letters.slice(0, -KEEP_LETTERS).map((name) => rm(join(this.options.outboxDir, name), { force: true })),
    );
  }
}
