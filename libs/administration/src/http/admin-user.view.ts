import { pageOf, pageQuerySchema, ROLES } from '@app/http';
import { toUserView, USER_EXAMPLE, userView } from '@app/users/http';
import type { User } from '@app/users';
import { z } from 'zod';

const statusSchema = z.enum(['active', 'disabled']);

export const adminUserView = userView
  .extend({ status: statusSchema })
  .meta({ id: 'AdminUser', example: { ...USER_EXAMPLE, status: 'active' } });

export const adminUserListView = pageOf('AdminUserList', adminUserView);

export const adminUserQuery = pageQuerySchema.extend({
  q: z.string().trim().min(1).max(254).optional().describe('How the e-mail address or the name begins.'),
  role: z.enum(ROLES).optional().describe('A role they have.'),
  status: statusSchema.optional().describe('Whether they may log in.'),
});
export type AdminUserQuery = z.output<typeof adminUserQuery>;

export function toAdminUserView(user: User): z.output<typeof adminUserView> {
  return { ...toUserView(user), status: user.status };
}
