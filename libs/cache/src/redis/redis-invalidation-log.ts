import { Injectable } from '@nestjs/common';
import { InvalidationLog, type Invalidation, type InvalidationPage } from '../invalidation-log.js';
import { CacheConnection, type CacheNames } from './cache-connection.js';
import type { StreamEntry } from './cache-redis.js';
import { END, INVALIDATE } from './cache-scripts.js';

/** About how many invalidations are kept for instances that were disconnected. */
export const LOG_LENGTH = 10_000;

/** A place in the log of one server. */
interface Position {
  readonly incarnation: string;
  readonly id: string;
  /** How many invalidations there had been. */
  readonly count: number;
}

/**
 * A stream that keeps what was appended while a reader was disconnected. Each entry has its number, so that a reader
 * sees what it has missed: when the stream was trimmed, flushed, or is that of another server.
 */
@Injectable()
export class RedisInvalidationLog extends InvalidationLog {
  constructor(private readonly connection: CacheConnection) {
    super();
  }

  async append(invalidation: Invalidation): Promise<void> {
    const names = this.connection.name();
    const args = [writeInvalidation(invalidation), LOG_LENGTH, '', 0];
    await this.connection.redis.run(INVALIDATE, [names.log, names.count], args);
  }

  async end(): Promise<string> {
    return writePosition(await this.ending(this.connection.name()));
  }

  async read(position: string, waitMs: number): Promise<InvalidationPage> {
    const names = this.connection.name();
    const from = readPosition(position);
    if (from.incarnation !== names.incarnation) return this.gap(names);
    const entries = await this.connection.redis.readStream(names.log, from.id, waitMs);
    const last = entries.at(-1);
    if (last === undefined) return this.silence(names, from);
    if (numberOf(entries[0] as StreamEntry) !== from.count + 1) return this.gap(names);
    const to = { incarnation: from.incarnation, id: last.id, count: numberOf(last) };
    return { position: writePosition(to), invalidations: entries.map(readInvalidation), gap: false };
  }

  /** Nothing was appended, unless the stream is not what it was. */
  private async silence(names: CacheNames, from: Position): Promise<InvalidationPage> {
    const { count } = await this.ending(names);
    // More have come since the reading, which the next one finds.
    if (count >= from.count) return { position: writePosition(from), invalidations: [], gap: false };
    return this.gap(names);
  }

  private async gap(names: CacheNames): Promise<InvalidationPage> {
    return { position: writePosition(await this.ending(names)), invalidations: [], gap: true };
  }

  private async ending(names: CacheNames): Promise<Position> {
    const [id, count] = (await this.connection.redis.run(END, [names.log, names.count], [])) as [Buffer, Buffer];
    return { incarnation: names.incarnation, id: String(id), count: Number(String(count)) };
  }
}

export function writeInvalidation({ tags, names }: Invalidation): string {
  return JSON.stringify([tags, names]);
}

function readInvalidation({ fields }: StreamEntry): Invalidation {
  const [tags, names] = JSON.parse(fields[3] ?? '[[],[]]') as [string[], string[]];
  return { tags, names };
}

function numberOf({ fields }: StreamEntry): number {
  return Number(fields[1]);
}

function writePosition({ incarnation, id, count }: Position): string {
  return `${incarnation} ${id} ${count}`;
}

function readPosition(text: string): Position {
  const [incarnation = '', id = '0-0', count = '0'] = text.split(' ');
  return { incarnation, id, count: Number(count) };
}
