import { defineJob, JobHandlers } from '@app/jobs';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { CHALLENGE_LIFE_MS } from './passkey-challenges.js';
import { UsedChallengesRepository } from './postgres/index.js';

const forget = defineJob({ name: 'forget-passkey-challenges', payload: z.object({}) });
/** Clocks of instances may differ. */
const MARGIN_MS = 3_600_000;

/** Forgets used challenges that have expired. */
@Injectable()
export class ForgottenChallenges implements OnModuleInit {
  constructor(
    private readonly used: UsedChallengesRepository,
    private readonly handlers: JobHandlers,
  ) {}

  onModuleInit(): void {
    const run = () => this.used.forgetOlderThan(CHALLENGE_LIFE_MS + MARGIN_MS);
    this.handlers.handle(forget, run, { cron: '41 * * * *', payload: {} });
  }
}
