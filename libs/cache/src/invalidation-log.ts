/** What has become worthless: everything with one of the tags, and the keys of these names. */
export interface Invalidation {
  readonly tags: readonly string[];
  readonly names: readonly string[];
}

export interface InvalidationPage {
  /** Where to go on reading. */
  readonly position: string;
  readonly invalidations: readonly Invalidation[];
  /** True when something between the position that was asked for and this page may be missing. */
  readonly gap: boolean;
}

/**
 * Invalidations in the order in which they were made, for the instances that keep copies of their own. Implementations
 * must pass `invalidationLogContract()`.
 *
 * Guarantees: whoever goes on from the position of a page gets every invalidation since, in order, or a page with
 * `gap`: when the log was cut short, was lost, or is another one than before. A `CacheStore` appends to the log in the
 * same step in which it makes entries worthless.
 *
 * @throws {UnavailableError} when a shared log does not answer
 */
export abstract class InvalidationLog {
  abstract append(invalidation: Invalidation): Promise<void>;

  /** The position after everything appended until now. */
  abstract end(): Promise<string>;

  /** What was appended after a position; waits up to `waitMs` for the first when there is nothing yet. */
  abstract read(position: string, waitMs: number): Promise<InvalidationPage>;
}
