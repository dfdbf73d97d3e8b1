import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { JobKind } from '../job-kind.js';
import { JobQueue, type EnqueueOptions } from '../job-queue.js';
import { Boss } from './boss.js';
import { bossDatabase } from './boss-options.js';

@Injectable()
export class BossJobQueue extends JobQueue {
  constructor(private readonly boss: Boss) {
    super();
  }

  async enqueue<Payload extends object>(
    kind: JobKind<Payload>,
    payload: Payload,
    { tx, runAt, priority, dedupeKey }: EnqueueOptions = {},
  ): Promise<string | undefined> {
    const id = randomUUID();
    const sent = await this.boss.sender(kind).send(kind.name, kind.payload.parse(payload), {
      id,
      singletonKey: dedupeKey ?? id,
      ...(tx === undefined ? {} : { db: bossDatabase(tx) }),
      ...(runAt === undefined ? {} : { startAfter: runAt }),
      ...(priority === undefined ? {} : { priority }),
    });
    if (sent === null) return undefined;
    const wake = () => this.boss.wake(kind.name);
    if (tx === undefined) wake();
    else tx.afterCommit(wake);
    return sent;
  }
}
