import { CacheInspection, CacheWarmer, type CacheReport, type EntryFacts, type WarmingStatus } from '@app/cache';
import { decodeCursor, encodeCursor, type Page, type PageQuery } from '@app/http';
import { AuthEventLog } from '@app/sessions';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Administrator } from './user-administration.service.js';

/** What those who run the installation see of the cache, and do to it; each change is in the audit log. */
@Injectable()
export class CacheAdministrationService {
  constructor(
    private readonly inspection: CacheInspection,
    private readonly warmer: CacheWarmer,
    private readonly events: AuthEventLog,
  ) {}

  statistics(): Promise<CacheReport> {
    return this.inspection.report();
  }

  /** Looks at as many entries as fit a page; a page may have fewer, or none, and not be the last. */
  async entries(
    filter: { readonly namespace?: string | undefined; readonly tag?: string | undefined },
    { limit, cursor }: PageQuery,
  ): Promise<Page<EntryFacts>> {
    const from = cursor === undefined ? undefined : decodeCursor(cursor, z.string().regex(/^\d{1,20}$/));
    const page = await this.inspection.entries(filter, from, limit);
    return { items: [...page.entries], nextCursor: page.cursor === undefined ? null : encodeCursor(page.cursor) };
  }

  async invalidate(
    what: { readonly tags: readonly string[]; readonly namespaces: readonly string[] },
    { userId: actorId, ip }: Administrator,
  ): Promise<void> {
    await this.inspection.invalidate(what);
    await this.events.record([{ kind: 'cache.invalidated', actorId, ip, detail: what }]);
  }

  /** Begins, or joins the one that runs. */
  async warm({ userId: actorId, ip }: Administrator): Promise<WarmingStatus> {
    await this.events.record([{ kind: 'cache.warmed', actorId, ip }]);
    void this.warmer.run('admin');
    return this.warmer.status;
  }

  get warming(): WarmingStatus {
    return this.warmer.status;
  }
}
