import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { StoredResponse } from '../http/stored-response.js';
import { LocalCache } from '../local-cache.js';
import { HotResponseRepository, type HotResponse } from '../postgres/index.js';

const LOOK_EVERY_MS = 60_000;
const MOST_AT_ONCE = 200;
const LONGEST_URL = 500;
/** A name as `responseKey` makes it, of a response that is not one user's. */
const SHARED = /^[\w-]+:((?:[a-z]+(?:\+[a-z]+)*)?) (\/\S+)$/;

/** Learns from the copies in memory which responses are used, and keeps that for the time after a restart. */
@Injectable()
export class HotResponses implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(HotResponses.name);
  private readonly counted = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly local: LocalCache,
    private readonly repository: HotResponseRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.learnQuietly(), LOOK_EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.learnQuietly();
  }

  /** Adds what was used since the last time. */
  async learn(): Promise<void> {
    const used = this.usedSince()
      .toSorted((one, other) => other.uses - one.uses)
      .slice(0, MOST_AT_ONCE);
    if (used.length > 0) await this.repository.add(used);
  }

  private usedSince(): HotResponse[] {
    const before = new Map(this.counted);
    this.counted.clear();
    const used: HotResponse[] = [];
    for (const [name, { value, uses }] of this.local.copies()) {
      const [, roles, url] = SHARED.exec(name) ?? [];
      if (!(value instanceof StoredResponse) || roles === undefined || url === undefined) continue;
      this.counted.set(name, uses);
      // One that was loaded anew counts from the beginning.
      const known = before.get(name) ?? 0;
      const more = uses >= known ? uses - known : uses;
      if (more > 0 && url.length <= LONGEST_URL) used.push({ url, roles, uses: more });
    }
    return used;
  }

  private async learnQuietly(): Promise<void> {
    try {
      await this.learn();
    } catch (error) {
      this.logger.warn(`What is used most is not noted: ${(error as Error).message}`);
    }
  }
}
