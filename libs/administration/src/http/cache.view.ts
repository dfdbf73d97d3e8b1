import type { CacheReport, EntryFacts, NamespaceReport, WarmingStatus } from '@app/cache';
import { pageOf, pageQuerySchema, timeSchema } from '@app/http';
import { z } from 'zod';

const holding = z.object({ entries: z.int(), sizeBytes: z.int() });

const namespaceView = z.object({
  namespace: z.string(),
  hitRate: z.number().nullable().describe('Share of look-ups that waited for no load; null before the first.'),
  localHits: z.int().describe('Answered from the memory of this instance.'),
  storeHits: z.int().describe('Answered from the store.'),
  stale: z.int().describe('Answered with a value that was not fresh any more, while a new one was loaded.'),
  coalesced: z.int().describe('Answered by the load of another caller.'),
  misses: z.int().describe('Waited for a load.'),
  loads: z.int(),
  loadFailures: z.int(),
  averageLoadMs: z.number().nullable(),
  storeErrors: z.int().describe('The store did not answer.'),
  local: holding.describe('In the memory of this instance.'),
  stored: holding.describe('In the store, that all instances share with Redis.'),
});

export const cacheStatisticsView = z
  .object({
    shared: z.boolean().describe('Whether all instances share the store.'),
    local: holding,
    namespaces: z.array(namespaceView),
    complete: z.boolean().describe('False where the store has more entries than were counted.'),
  })
  .meta({
    id: 'CacheStatistics',
    example: {
      shared: true,
      local: { entries: 12, sizeBytes: 184_320 },
      namespaces: [
        {
          namespace: 'exams',
          hitRate: 0.998,
          localHits: 20_412,
          storeHits: 9,
          stale: 0,
          coalesced: 3,
          misses: 5,
          loads: 5,
          loadFailures: 0,
          averageLoadMs: 4.2,
          storeErrors: 0,
          local: { entries: 4, sizeBytes: 95_300 },
          stored: { entries: 4, sizeBytes: 41_200 },
        },
      ],
      complete: true,
    },
  });

const cacheEntryView = z
  .object({
    name: z.string().describe('`namespace:` and the rest; of a response, for whom and which URL.'),
    tags: z.array(z.string()),
    kind: z.enum(['value', 'absent', 'failed']),
    sizeBytes: z.int(),
    storedAt: timeSchema,
    freshUntil: timeSchema,
  })
  .meta({
    id: 'CacheEntry',
    example: {
      name: 'exams: /api/v1/exams',
      tags: ['exams'],
      kind: 'value',
      sizeBytes: 812,
      storedAt: '2026-11-22T09:30:00.000Z',
      freshUntil: '2026-11-22T09:44:12.000Z',
    },
  });

export const cacheEntryListView = pageOf('CacheEntryList', cacheEntryView);

const tag = z.string().min(1).max(200);
const namespace = z.string().regex(/^[\w.-]{1,60}$/);

export const cacheEntryQuery = pageQuerySchema.extend({
  namespace: namespace.optional().describe('Only entries of this namespace.'),
  tag: tag.optional().describe('Only entries that depend on this tag.'),
});
export type CacheEntryQuery = z.output<typeof cacheEntryQuery>;

export const invalidateCacheSchema = z
  .strictObject({
    tags: z.array(tag).max(100).default([]).describe('What depends on one of these is loaded anew.'),
    namespaces: z.array(namespace).max(100).default([]).describe('Everything in these is loaded anew.'),
  })
  .refine(({ tags, namespaces }) => tags.length + namespaces.length > 0, 'Name a tag or a namespace.')
  .meta({ id: 'InvalidateCache', example: { tags: ['exams'], namespaces: [] } });
export type InvalidateCacheBody = z.output<typeof invalidateCacheSchema>;

export const warmingView = z
  .object({
    state: z.enum(['never', 'running', 'done']),
    trigger: z.enum(['start', 'invalidation', 'schedule', 'admin']).nullable(),
    total: z.int().describe('Answers that are to be there.'),
    warmed: z.int(),
    failed: z.int(),
    startedAt: timeSchema.nullable(),
    finishedAt: timeSchema.nullable(),
  })
  .meta({
    id: 'CacheWarming',
    example: {
      state: 'done',
      trigger: 'start',
      total: 14,
      warmed: 14,
      failed: 0,
      startedAt: '2026-11-22T09:30:00.000Z',
      finishedAt: '2026-11-22T09:30:00.412Z',
    },
  });

export function toCacheStatisticsView({ namespaces, ...report }: CacheReport): z.output<typeof cacheStatisticsView> {
  return { ...report, namespaces: namespaces.map(toNamespaceView) };
}

function toNamespaceView({ loadMs, ...counts }: NamespaceReport): z.output<typeof namespaceView> {
  const { localHits, storeHits, stale, coalesced, misses, loads } = counts;
  const served = localHits + storeHits + stale;
  const asked = served + coalesced + misses;
  return {
    ...counts,
    hitRate: asked === 0 ? null : served / asked,
    averageLoadMs: loads === 0 ? null : loadMs / loads,
  };
}

export function toCacheEntryView({ storedAt, freshUntil, ...facts }: EntryFacts): z.output<typeof cacheEntryView> {
  return {
    ...facts,
    tags: [...facts.tags],
    storedAt: new Date(storedAt).toISOString(),
    freshUntil: new Date(freshUntil).toISOString(),
  };
}

export function toWarmingView({ startedAt, finishedAt, ...status }: WarmingStatus): z.output<typeof warmingView> {
  return { ...status, startedAt: startedAt?.toISOString() ?? null, finishedAt: finishedAt?.toISOString() ?? null };
}
