import { RecentAuthentication } from '@app/auth/http';
import { CurrentPrincipal, DescribeRoute, idOf, Roles, type Principal } from '@app/http';
import { sessionListView, toSessionView } from '@app/sessions/http';
import { Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { UserAdministrationService, type Administrator } from '../user-administration.service.js';
import { CurrentAdministrator } from './administrator.decorator.js';
import {
  adminUserListView,
  adminUserQuery,
  adminUserView,
  toAdminUserView,
  type AdminUserQuery,
} from './admin-user.view.js';

const userId = idOf('user');
const NOT_FOUND = '`user.not_found`';
const OWN = '`admin.own_account`';

@ApiTags('admin')
@Roles('admin')
@Controller('admin/users')
export class AdminUsersController {
  constructor(private readonly users: UserAdministrationService) {}

  @Get()
  @DescribeRoute({ summary: 'All accounts, the newest first (admins)', answer: adminUserListView })
  async list(@Query({ schema: adminUserQuery }) { q, role, status, ...page }: AdminUserQuery) {
    const found = await this.users.page({ startsWith: q?.toLowerCase(), role, status }, page);
    return { items: found.items.map(toAdminUserView), nextCursor: found.nextCursor };
  }

  @Get(':id')
  @DescribeRoute({ summary: 'One account (admins)', answer: adminUserView, problems: { 404: NOT_FOUND } })
  async get(@Param('id', { schema: userId }) id: string) {
    return toAdminUserView(await this.users.get(id));
  }

  @Post(':id/disable')
  @HttpCode(204)
  @DescribeRoute({
    summary: 'End all sessions of an account and let it in no more (admins)',
    problems: { 404: NOT_FOUND, 409: OWN },
  })
  disable(@Param('id', { schema: userId }) id: string, @CurrentAdministrator() admin: Administrator) {
    return this.users.disable(id, admin);
  }

  @Post(':id/enable')
  @HttpCode(204)
  @DescribeRoute({ summary: 'Let a disabled account in again (admins)', problems: { 404: NOT_FOUND } })
  enable(@Param('id', { schema: userId }) id: string, @CurrentAdministrator() admin: Administrator) {
    return this.users.enable(id, admin);
  }

  @Delete(':id')
  @HttpCode(204)
  @RecentAuthentication()
  @DescribeRoute({
    summary: 'Delete an account with all its attempts, for good (admins)',
    problems: { 403: '`auth.step_up_required`', 404: NOT_FOUND, 409: OWN },
  })
  remove(@Param('id', { schema: userId }) id: string, @CurrentAdministrator() admin: Administrator) {
    return this.users.remove(id, admin);
  }

  @Get(':id/sessions')
  @DescribeRoute({
    summary: 'Live sessions of an account, used last first (admins)',
    answer: sessionListView,
    problems: { 404: NOT_FOUND },
  })
  async sessions(@Param('id', { schema: userId }) id: string, @CurrentPrincipal() { sessionId }: Principal) {
    const sessions = await this.users.sessionsOf(id);
    return { items: sessions.map((session) => toSessionView(session, sessionId)), nextCursor: null };
  }

  @Delete(':id/sessions/:sessionId')
  @HttpCode(204)
  @DescribeRoute({ summary: 'End a session of an account (admins)', problems: { 404: '`session.not_found`' } })
  revokeSession(
    @Param('id', { schema: userId }) id: string,
    @Param('sessionId', { schema: idOf('session') }) sessionId: string,
    @CurrentAdministrator() admin: Administrator,
  ) {
    return this.users.revokeSession({ userId: id, sessionId }, admin);
  }

  @Delete(':id/sessions')
  @HttpCode(204)
  @DescribeRoute({ summary: 'End all sessions of an account (admins)', problems: { 404: NOT_FOUND } })
  revokeSessions(@Param('id', { schema: userId }) id: string, @CurrentAdministrator() admin: Administrator) {
    return this.users.revokeSessions(id, admin);
  }
}
