import type { IdentifiableServer } from '@app/redis';

/** A Lua script with the hash that a server knows it by. */
export interface CacheScript {
  readonly lua: string;
  readonly sha: string;
}

/** One entry of a stream: its id, and its fields and values in turn. */
export interface StreamEntry {
  readonly id: string;
  readonly fields: readonly string[];
}

/**
 * What the cache needs of a client library. Keys of one call share a hash slot. Replies are bytes.
 *
 * @throws {UnavailableError} from every method when Redis does not answer
 */
export abstract class CacheRedis {
  /** Who answers. */
  abstract readonly server: IdentifiableServer;

  abstract getMany(keys: readonly string[]): Promise<(Buffer | null)[]>;

  abstract run(
    script: CacheScript,
    keys: readonly string[],
    args: readonly (string | number | Buffer)[],
  ): Promise<unknown>;

  /** One step of a walk over the keys that match, on the server that has `slotKey`; the walk is over at cursor `0`. */
  abstract scan(
    slotKey: string,
    pattern: string,
    cursor: string,
    count: number,
  ): Promise<{ readonly cursor: string; readonly keys: readonly string[] }>;

  /** Waits on a connection of its own for entries after `id`; empty after `waitMs`. */
  abstract readStream(key: string, id: string, waitMs: number): Promise<readonly StreamEntry[]>;

  /** Closes what this opened itself. */
  abstract close(): Promise<void>;
}
