import { decodeCursor, DescribeRoute, encodeCursor, Roles, toPage } from '@app/http';
import { AuthEventHistory } from '@app/sessions';
import { eventPosition } from '@app/sessions/http';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { auditListView, auditQuery, toAuditEntryView, type AuditQuery } from './audit-entry.view.js';

@ApiTags('admin')
@Roles('admin')
@Controller('admin/audit')
export class AuditController {
  constructor(private readonly history: AuthEventHistory) {}

  @Get()
  @DescribeRoute({
    summary: 'What admins did to accounts and sessions, the newest first (admins)',
    answer: auditListView,
  })
  async list(@Query({ schema: auditQuery }) { limit, cursor, ...filter }: AuditQuery) {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, eventPosition);
    const events = await this.history.audit(filter, limit + 1, after);
    return toPage(events, limit, toAuditEntryView, ({ position, id }) => encodeCursor({ at: position, id }));
  }
}
