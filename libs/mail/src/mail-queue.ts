import type { Transaction } from '@app/database';
import { defineJob, JobHandlers, JobQueue } from '@app/jobs';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { Mailer, type MailMessage } from './mailer.js';

const sendMail = defineJob({
  name: 'mail',
  payload: z.object({
    to: z.object({ address: z.string(), name: z.string().optional() }),
    subject: z.string(),
    text: z.string(),
    html: z.string().optional(),
  }),
  attempts: 10,
  concurrency: 2,
});

/**
 * Sends mail in the background, again and again until a server takes it. The message rests in the database until
 * then, so a letter with a secret does not go this way: a job of its own makes the secret and sends it.
 */
@Injectable()
export class MailQueue implements OnModuleInit {
  constructor(
    private readonly jobs: JobQueue,
    private readonly handlers: JobHandlers,
    private readonly mailer: Mailer,
  ) {}

  onModuleInit(): void {
    this.handlers.handle(sendMail, (message, { id }) => this.mailer.send({ ...message, id }));
  }

  /** Inside `tx` the mail is sent if and only if it commits. */
  async enqueue({ to, subject, text, html }: Omit<MailMessage, 'id'>, tx?: Transaction): Promise<void> {
    await this.jobs.enqueue(sendMail, { to, subject, text, html }, tx === undefined ? {} : { tx });
  }
}
