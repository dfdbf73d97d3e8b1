import { setTimeout as sleep } from 'node:timers/promises';
import { UnavailableError } from '@app/errors';
import type { Scheduler } from 'fast-check';
import type { SessionInstance } from './session-instance.js';

type BlacklistMethod = 'check' | 'lease' | 'fill' | 'announce' | 'confirm';
const METHODS: readonly BlacklistMethod[] = ['check', 'lease', 'fill', 'announce', 'confirm'];
const WRITES: ReadonlySet<BlacklistMethod> = new Set(['announce', 'confirm']);

/** How a write to the projection fails: it never arrived, or only its reply was lost. */
export type WriteFault = 'not sent' | 'reply lost';

/**
 * Stands between the services and their servers: a scheduler decides in which order the steps of everything that runs
 * at once are taken, some steps are held up until others have been to the server and back, and writes to the
 * projection fail when they are told to.
 */
export class Disturbance {
  private scheduler: Scheduler | undefined;
  private delays: Iterator<number> | undefined;
  private faults: WriteFault[] = [];

  /** From now on; of one instance, and of the one that takes its place. */
  standBetween({ blacklist, ledger }: SessionInstance): void {
    for (const name of METHODS) {
      const original = (blacklist[name] as (...args: unknown[]) => Promise<unknown>).bind(blacklist);
      Object.assign(blacklist, {
        [name]: async (...args: unknown[]) => {
          await this.step(name);
          const fault = WRITES.has(name) ? this.faults.shift() : undefined;
          if (fault === 'not sent') throw new UnavailableError('redis');
          const answer = await original(...args);
          if (fault === 'reply lost') throw new UnavailableError('redis');
          return answer;
        },
      });
    }
    const standing = ledger.standing.bind(ledger);
    ledger.standing = async (session) => {
      const answer = await standing(session);
      await this.step('the ledger’s answer');
      return answer;
    };
  }

  /** @param delays milliseconds that the steps are held up, one after the other */
  begin(scheduler: Scheduler, delays: Iterator<number>): void {
    this.scheduler = scheduler;
    this.delays = delays;
    this.faults = [];
  }

  end(): void {
    this.scheduler = undefined;
    this.delays = undefined;
  }

  failNextWrite(fault: WriteFault): void {
    this.faults.push(fault);
  }

  private async step(name: string): Promise<void> {
    await this.scheduler?.schedule(Promise.resolve(), name);
    const delayMs = this.delays?.next().value ?? 0;
    if (delayMs > 0) await sleep(delayMs);
  }
}
