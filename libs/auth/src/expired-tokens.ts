import { defineJob, JobHandlers } from '@app/jobs';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { OneTimeTokenRepository } from './postgres/index.js';

const deleteExpired = defineJob({ name: 'delete-expired-tokens', payload: z.object({}) });

/** Deletes one-time tokens that nobody used. */
@Injectable()
export class ExpiredTokens implements OnModuleInit {
  constructor(
    private readonly tokens: OneTimeTokenRepository,
    private readonly handlers: JobHandlers,
  ) {}

  onModuleInit(): void {
    this.handlers.handle(deleteExpired, () => this.tokens.deleteExpired(), { cron: '17 * * * *', payload: {} });
  }
}
