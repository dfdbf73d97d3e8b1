import type { AuthenticatedRequest } from '@app/http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Administrator } from '../user-administration.service.js';

/** Who is calling, as the audit log knows them. */
export const CurrentAdministrator = createParamDecorator((_: unknown, context: ExecutionContext): Administrator => {
  const { user, ip } = context.switchToHttp().getRequest<AuthenticatedRequest & { readonly ip: string }>();
  return { userId: user.userId, ip };
});
