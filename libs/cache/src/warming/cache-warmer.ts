import { setTimeout as sleep } from 'node:timers/promises';
import { asInternalCaller, ROLES, type Principal, type Role } from '@app/http';
import { defineJob, JobHandlers } from '@app/jobs';
import { Metrics } from '@app/observability';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { LocalCache } from '../local-cache.js';
import { HotResponseRepository } from '../postgres/index.js';
import { WarmList, type WarmAnswer } from './warm-list.js';
import { NEVER_WARMED, type WarmingStatus, type WarmingTrigger } from './warming-status.js';

const HOT_ANSWERS = 100;
/** Between two answers: whoever waits for one goes first. */
const PAUSE_MS = 5;
/** After an invalidation, for others that come with it; and from one warming to the next. */
const SETTLE_MS = 1000;
const AT_MOST_EVERY_MS = 30_000;
const NOBODY: Principal = { userId: '', sessionId: '', roles: [] };

const warmCache = defineJob({ name: 'warm-cache', payload: z.object({}), timeoutMs: 300_000 });

/**
 * Makes cached answers before anybody asks: what features list, and what was used most, one after the other in the
 * background. An answer that is there already costs a look.
 */
@Injectable()
export class CacheWarmer implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(CacheWarmer.name);
  private current: WarmingStatus = NEVER_WARMED;
  private running: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly list: WarmList,
    private readonly hot: HotResponseRepository,
    private readonly local: LocalCache,
    private readonly host: HttpAdapterHost,
    private readonly application: ApplicationConfig,
    private readonly handlers: JobHandlers,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    // A process that answers no requests has no answers to make.
    if ((this.host.httpAdapter as unknown) === undefined) return;
    this.handlers.handle(warmCache, () => this.run('schedule'), { cron: '*/10 * * * *', payload: {} });
    this.local.onInvalidation((tags) => this.invalidated(tags));
    const status = () => this.status;
    this.metrics.gauge({
      name: 'cache_warming_answers',
      help: 'Answers of the warming that runs, or ran last.',
      labelNames: ['state'],
      collect() {
        const { total, warmed, failed } = status();
        this.set({ state: 'total' }, total);
        this.set({ state: 'warmed' }, warmed);
        this.set({ state: 'failed' }, failed);
      },
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  get status(): WarmingStatus {
    return this.current;
  }

  /** Resolves when it is done; joins a warming under way. */
  run(trigger: WarmingTrigger): Promise<void> {
    this.running ??= this.warm(trigger).finally(() => (this.running = undefined));
    return this.running;
  }

  private async warm(trigger: WarmingTrigger): Promise<void> {
    this.current = { ...NEVER_WARMED, state: 'running', trigger, startedAt: new Date() };
    const answers = await this.answers();
    this.current = { ...this.current, total: answers.length };
    for (const answer of answers) {
      if (this.stopped) break;
      const warmed = await this.ask(answer);
      const { current } = this;
      this.current = warmed ? { ...current, warmed: current.warmed + 1 } : { ...current, failed: current.failed + 1 };
      await sleep(PAUSE_MS, undefined, { ref: false });
    }
    this.current = { ...this.current, state: 'done', finishedAt: new Date() };
    const { total, warmed, failed } = this.current;
    this.logger.log({ event: 'cache_warmed', trigger, total, warmed, failed });
  }

  /** Each once, what features list first. */
  private async answers(): Promise<WarmAnswer[]> {
    const listed = await Promise.all(this.list.sources.map(({ answers }) => this.orNone(answers())));
    const hot = (await this.orNone(this.hot.top(HOT_ANSWERS))).map(({ url, roles }) => ({
      path: url,
      roles: rolesOf(roles),
    }));
    const all = [...listed.flat(), ...hot].map(({ path, roles = ['learner' as const] }) => ({
      path: path.startsWith('/') ? path : `/${this.application.getGlobalPrefix()}/${path}`,
      roles,
    }));
    return [...new Map(all.map((answer) => [`${answer.roles.join('+')} ${answer.path}`, answer])).values()];
  }

  private async orNone<Item>(items: Promise<readonly Item[]>): Promise<readonly Item[]> {
    try {
      return await items;
    } catch (error) {
      this.logger.warn(`Not all that is to be warm is known: ${(error as Error).message}`);
      return [];
    }
  }

  private async ask({ path, roles = [] }: WarmAnswer): Promise<boolean> {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    try {
      const { statusCode } = await asInternalCaller({ ...NOBODY, roles }, async () => fastify.inject(path));
      return statusCode === 200;
    } catch {
      return false;
    }
  }

  private invalidated(tags: readonly string[]): void {
    if (this.stopped || this.timer !== undefined || this.current.state === 'never') return;
    if (!this.list.sources.some((source) => source.tags.some((tag) => tags.includes(tag)))) return;
    const { finishedAt } = this.current;
    const sinceMs = finishedAt === null ? 0 : Date.now() - finishedAt.getTime();
    this.timer = setTimeout(
      () => {
        this.timer = undefined;
        void this.run('invalidation');
      },
      Math.max(SETTLE_MS, AT_MOST_EVERY_MS - sinceMs),
    ).unref();
  }
}

function rolesOf(text: string): Role[] {
  const roles = text.split('+').filter((role): role is Role => (ROLES as readonly string[]).includes(role));
  return roles.length === 0 ? ['learner'] : roles;
}
