import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc, { type Scheduler } from 'fast-check';
import { Redis } from 'ioredis';
import { freshDatabase, type FreshDatabase } from '../../support/fresh-database.js';
import { RedisServer } from '../../support/redis-server.js';
import { delays, operations, SESSIONS, type Operation, type RedisMemory } from './operations.js';
import { Seat } from './seat.js';
import type { AccessMode, SessionInstance } from './session-instance.js';
import { noFindings, SessionModel, type Findings } from './session-model.js';

interface Round {
  readonly scheduler: Scheduler;
  readonly todo: readonly Operation[];
  readonly holdUps: Iterator<number>;
}

/** Two instances on one Redis and one Postgres, and what disturbs them. */
export class Arena {
  private restarting: Promise<void> = Promise.resolve();

  private constructor(
    private readonly mode: AccessMode,
    private readonly redis: RedisServer,
    private readonly database: FreshDatabase,
    private readonly client: Redis,
    private readonly seats: readonly [Seat, Seat],
  ) {}

  /** @param weaken takes a guard away from each instance: what must then be found */
  static async open(mode: AccessMode, weaken: (instance: SessionInstance) => void = () => undefined): Promise<Arena> {
    const redis = await RedisServer.start();
    const database = await freshDatabase();
    const servers = { databaseUrl: database.url, redisAddr: redis.addr };
    const client = new Redis(`redis://${redis.addr}`, { maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    const seats = [await Seat.take(mode, servers, weaken), await Seat.take(mode, servers, weaken)] as const;
    return new Arena(mode, redis, database, client, seats);
  }

  async close(): Promise<void> {
    for (const seat of this.seats) await seat.leave();
    this.client.disconnect();
    await this.redis.stop();
    await this.database.drop();
  }

  /**
   * Runs rounds of operations in orders that a scheduler makes up, until so many questions were asked, or what is
   * looked for was found.
   */
  async run(checks: number, seed: number, found: (findings: Findings) => boolean = () => false): Promise<Findings> {
    const findings = noFindings();
    for (let round = 0; findings.checks < checks && !found(findings); round += 1) {
      const property = fc.asyncProperty(fc.scheduler(), operations, delays, (scheduler, todo, holdUps) =>
        this.round({ scheduler, todo, holdUps }, findings),
      );
      // Shrinking says little where servers take part.
      await fc.assert(property, { numRuns: 1, seed: seed + round, endOnFailure: true, includeErrorInReport: true });
    }
    return findings;
  }

  private async round({ scheduler, todo, holdUps }: Round, findings: Findings): Promise<void> {
    const model = await SessionModel.create(this.seats[0].instance, SESSIONS, findings);
    if (todo.some((each) => each.do === 'restart Redis' && each.knowing === 'an older state')) await this.client.save();
    for (const { disturbance } of this.seats) disturbance.begin(scheduler, holdUps);
    try {
      const all = todo.map(async (each) => {
        await scheduler.schedule(Promise.resolve(), each.do);
        await this.perform(each, model, findings);
      });
      await scheduler.waitFor(Promise.all(all));
      for (const { disturbance } of this.seats) disturbance.end();
      for (let which = 0; which <= SESSIONS; which += 1) {
        for (const { instance } of this.seats) await model.check(instance, which);
      }
    } finally {
      for (const { disturbance } of this.seats) disturbance.end();
    }
  }

  private async perform(each: Operation, model: SessionModel, findings: Findings): Promise<void> {
    switch (each.do) {
      case 'flush':
        await this.client.flushall();
        return;
      case 'evict': {
        const victim = await this.client.randomkey();
        if (victim !== null) await this.client.del(victim);
        return;
      }
      case 'restart Redis':
        findings.restarts += 1;
        this.restarting = this.restartRedis(each.knowing, this.restarting);
        await this.restarting;
        return;
      case 'restart an instance':
        findings.restarts += 1;
        await this.at(each.on).restart();
        return;
      case 'fail':
        // The memory of a process does not fail.
        if (this.mode === 'strict, redis') this.at(each.on).disturbance.failNextWrite(each.how);
        return;
      case 'login':
      case 'logoutEverywhere':
        await model[each.do](this.at(each.on).instance);
        return;
      case 'check':
      case 'refresh':
      case 'logout':
        await model[each.do](this.at(each.on).instance, each.session);
    }
  }

  /** One after the other, or a second one would meet a server that is not there. */
  private async restartRedis(knowing: RedisMemory, after: Promise<void>): Promise<void> {
    await after;
    await this.redis.kill();
    if (knowing === 'nothing') await rm(join(this.redis.folder, 'dump.rdb'), { force: true });
    await this.redis.restart();
  }

  private at(index: number): Seat {
    return this.seats[index] as Seat;
  }
}
