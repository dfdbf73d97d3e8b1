import { LRUCache } from 'lru-cache';

const MAX_TAGS = 100_000;

/**
 * When each tag was last invalidated, as this process saw it: a count, not a time. What was read at a position holds as
 * long as none of its tags has a later stamp. A stamp that is dropped for room takes everything from before it along,
 * which is safe.
 */
export class TagStamps {
  private last = 0;
  private floor = 0;
  private readonly stamps = new LRUCache<string, number>({
    max: MAX_TAGS,
    dispose: (stamp, _tag, reason) => {
      if (reason === 'evict') this.floor = Math.max(this.floor, stamp);
    },
  });

  /** Where we are now; to be kept with what is read from here on. */
  get position(): number {
    return this.last;
  }

  stamp(tags: readonly string[]): void {
    this.last += 1;
    for (const tag of tags) this.stamps.set(tag, this.last);
  }

  /** Nothing that was read before holds any more. */
  stampAll(): void {
    this.last += 1;
    this.floor = this.last;
  }

  holds(position: number, tags: readonly string[]): boolean {
    if (position < this.floor) return false;
    if (position === this.last) return true;
    for (const tag of tags) if ((this.stamps.get(tag) ?? 0) > position) return false;
    return true;
  }
}
