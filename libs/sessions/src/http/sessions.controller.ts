import { CurrentPrincipal, DescribeRoute, idOf, type Principal } from '@app/http';
import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { SessionsService } from '../sessions.service.js';
import { revokeSessionsQuery, sessionListView, toSessionView } from './session.view.js';

@ApiTags('sessions')
@Controller('sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Get()
  @DescribeRoute({
    summary: 'My live sessions, used last first',
    description: 'All of them on one page: their number is limited.',
    answer: sessionListView,
  })
  async list(@CurrentPrincipal() { userId, sessionId }: Principal) {
    const sessions = await this.sessions.list(userId);
    return { items: sessions.map((session) => toSessionView(session, sessionId)), nextCursor: null };
  }

  @Delete(':id')
  @HttpCode(204)
  @DescribeRoute({
    summary: 'End one of my sessions',
    problems: { 404: '`session.not_found`: it has ended, or is not mine.' },
  })
  revoke(@CurrentPrincipal() { userId }: Principal, @Param('id', { schema: idOf('session') }) id: string) {
    return this.sessions.revoke({ userId, sessionId: id });
  }

  @Delete()
  @HttpCode(204)
  @DescribeRoute({ summary: 'End all my sessions but this one' })
  revokeOthers(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: revokeSessionsQuery }) _query: z.output<typeof revokeSessionsQuery>,
  ) {
    return this.sessions.revokeOthers(principal);
  }
}
