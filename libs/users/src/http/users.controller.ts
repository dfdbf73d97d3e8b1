import { CurrentPrincipal, DescribeRoute, type Principal } from '@app/http';
import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { UsersService } from '../users.service.js';
import { changeUserSchema, toUserView, userView, type ChangeUser } from './user.view.js';

@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get('me')
  @DescribeRoute({ summary: 'The account that is logged in', answer: userView })
  async me(@CurrentPrincipal() { userId }: Principal) {
    return toUserView(await this.users.get(userId));
  }

  @Patch('me')
  @DescribeRoute({ summary: 'Change my account', answer: userView })
  async change(
    @CurrentPrincipal() { userId }: Principal,
    @Body({ schema: changeUserSchema }) { displayName }: ChangeUser,
  ) {
    return toUserView(await this.users.rename(userId, displayName));
  }
}
