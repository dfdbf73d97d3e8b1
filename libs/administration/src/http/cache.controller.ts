import { DescribeRoute, Roles } from '@app/http';
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CacheAdministrationService } from '../cache-administration.service.js';
import type { Administrator } from '../user-administration.service.js';
import { CurrentAdministrator } from './administrator.decorator.js';
import {
  cacheEntryListView,
  cacheEntryQuery,
  cacheStatisticsView,
  invalidateCacheSchema,
  toCacheEntryView,
  toCacheStatisticsView,
  toWarmingView,
  warmingView,
  type CacheEntryQuery,
  type InvalidateCacheBody,
} from './cache.view.js';

@ApiTags('admin')
@Roles('admin')
@Controller('admin/cache')
export class CacheController {
  constructor(private readonly cache: CacheAdministrationService) {}

  @Get('statistics')
  @DescribeRoute({
    summary: 'Hits, misses, loads and bytes of the cache by namespace (admins)',
    description: 'Counts are of the instance that answers, since its start.',
    answer: cacheStatisticsView,
  })
  async statistics() {
    return toCacheStatisticsView(await this.cache.statistics());
  }

  @Get('entries')
  @DescribeRoute({
    summary: 'What is cached, by namespace or tag (admins)',
    description: 'In no order. A page can have fewer entries than asked for, or none, and not be the last.',
    answer: cacheEntryListView,
  })
  async entries(@Query({ schema: cacheEntryQuery }) { namespace, tag, ...page }: CacheEntryQuery) {
    const { items, nextCursor } = await this.cache.entries({ namespace, tag }, page);
    return { items: items.map(toCacheEntryView), nextCursor };
  }

  @Post('invalidate')
  @HttpCode(204)
  @DescribeRoute({ summary: 'Have tags or namespaces loaded anew, on every instance (admins)' })
  invalidate(
    @Body({ schema: invalidateCacheSchema }) what: InvalidateCacheBody,
    @CurrentAdministrator() admin: Administrator,
  ) {
    return this.cache.invalidate(what, admin);
  }

  @Get('warming')
  @DescribeRoute({ summary: 'How far this instance is with warming its cache (admins)', answer: warmingView })
  warming() {
    return toWarmingView(this.cache.warming);
  }

  @Post('warm')
  @HttpCode(202)
  @DescribeRoute({
    summary: 'Load what is used most before anybody asks (admins)',
    description: 'Goes on in the background; `GET /admin/cache/warming` says how far it is.',
    answer: warmingView,
    status: 202,
  })
  async warm(@CurrentAdministrator() admin: Administrator) {
    return toWarmingView(await this.cache.warm(admin));
  }
}
