import { RecentAuthentication } from '@app/auth/http';
import { CurrentPrincipal, DescribeRoute, type Principal } from '@app/http';
import { Controller, Delete, HttpCode } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AccountRemovalService } from '../account-removal.service.js';

@ApiTags('users')
@Controller('users/me')
export class MyAccountController {
  constructor(private readonly removal: AccountRemovalService) {}

  @Delete()
  @HttpCode(204)
  @RecentAuthentication()
  @DescribeRoute({
    summary: 'Delete my account with all my attempts, for good',
    problems: { 403: '`auth.step_up_required`', 409: '`account.last_admin`' },
  })
  remove(@CurrentPrincipal() { userId }: Principal) {
    return this.removal.remove(userId);
  }
}
