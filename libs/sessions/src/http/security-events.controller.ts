import {
  CurrentPrincipal,
  decodeCursor,
  DescribeRoute,
  encodeCursor,
  pageQuerySchema,
  toPage,
  type PageQuery,
  type Principal,
} from '@app/http';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AuthEventHistory } from '../postgres/index.js';
import { eventPosition, securityEventListView, toSecurityEventView } from './security-event.view.js';

@ApiTags('users')
@Controller('users/me/security-events')
export class SecurityEventsController {
  constructor(private readonly history: AuthEventHistory) {}

  @Get()
  @DescribeRoute({
    summary: 'What happened to my account, the newest first',
    description: 'Logins, failed ones too, ended sessions, changes of password and second factor. Not every renewal.',
    answer: securityEventListView,
  })
  async list(@CurrentPrincipal() { userId }: Principal, @Query({ schema: pageQuerySchema }) query: PageQuery) {
    const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, eventPosition);
    const events = await this.history.ofUser(userId, query.limit + 1, after);
    return toPage(events, query.limit, toSecurityEventView, ({ position, id }) => encodeCursor({ at: position, id }));
  }
}
