import { Injectable } from '@nestjs/common';
import type { EntryFacts } from './cache-entry.js';
import { namespaceOf, namespaceTag } from './cache-key.js';
import { CacheService } from './cache.service.js';
import { CacheStore, type EntryFilter, type EntryPage } from './cache-store.js';
import { LocalCache } from './local-cache.js';
import { NamespaceStatistics, type NamespaceCounts } from './namespace-statistics.js';

/** Entries and their bytes. */
export interface Holding {
  readonly entries: number;
  readonly sizeBytes: number;
}

/** One namespace: what this process counted since its start, what it holds, and what the store holds. */
export interface NamespaceReport extends NamespaceCounts {
  readonly namespace: string;
  readonly local: Holding;
  readonly stored: Holding;
}

export interface CacheReport {
  /** Whether all instances share the store. */
  readonly shared: boolean;
  readonly local: Holding;
  readonly namespaces: readonly NamespaceReport[];
  /** False where the store has more entries than were looked at. */
  readonly complete: boolean;
}

const PAGE = 500;
/** More than anybody waits for. */
const MOST_ENTRIES = 50_000;
const NOTHING: Holding = { entries: 0, sizeBytes: 0 };

/** The cache as operators see it. */
@Injectable()
export class CacheInspection {
  constructor(
    private readonly cache: CacheService,
    private readonly store: CacheStore,
    private readonly local: LocalCache,
    private readonly statistics: NamespaceStatistics,
  ) {}

  /** Walks through everything there is. */
  async report(): Promise<CacheReport> {
    const local = new Map<string, Holding>();
    for (const [name, { sizeBytes }] of this.local.copies()) add(local, name, sizeBytes);
    const { stored, complete } = await this.stored();
    const counted = this.statistics.all();
    const names = [...new Set([...counted.keys(), ...local.keys(), ...stored.keys()])].toSorted();
    const namespaces = names.map((namespace) => ({
      namespace,
      ...this.statistics.of(namespace),
      local: local.get(namespace) ?? NOTHING,
      stored: stored.get(namespace) ?? NOTHING,
    }));
    return { shared: this.store.shared, local: sum(local), namespaces, complete };
  }

  entries(filter: EntryFilter, cursor: string | undefined, limit: number): Promise<EntryPage> {
    return this.store.scan(filter, cursor, limit);
  }

  /** On every instance. */
  invalidate({ tags, namespaces }: { readonly tags: readonly string[]; readonly namespaces: readonly string[] }) {
    return this.cache.invalidate(...tags, ...namespaces.map(namespaceTag));
  }

  private async stored(): Promise<{ readonly stored: Map<string, Holding>; readonly complete: boolean }> {
    // A walk may show an entry more than once.
    const seen = new Map<string, EntryFacts>();
    let cursor: string | undefined;
    do {
      const page = await this.store.scan({}, cursor, PAGE);
      for (const entry of page.entries) seen.set(entry.name, entry);
      cursor = page.cursor;
    } while (cursor !== undefined && seen.size < MOST_ENTRIES);
    const stored = new Map<string, Holding>();
    for (const { name, sizeBytes } of seen.values()) add(stored, name, sizeBytes);
    return { stored, complete: cursor === undefined };
  }
}

function add(holdings: Map<string, Holding>, name: string, sizeBytes: number): void {
  const namespace = namespaceOf(name);
  const before = holdings.get(namespace) ?? NOTHING;
  holdings.set(namespace, { entries: before.entries + 1, sizeBytes: before.sizeBytes + sizeBytes });
}

function sum(holdings: Map<string, Holding>): Holding {
  return [...holdings.values()].reduce(
    (all, { entries, sizeBytes }) => ({ entries: all.entries + entries, sizeBytes: all.sizeBytes + sizeBytes }),
    NOTHING,
  );
}
