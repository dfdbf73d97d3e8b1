import { UsersModule } from '@app/users';
import { Module } from '@nestjs/common';
import { AccountRemovalService } from './account-removal.service.js';
import { AdminUsersController, AuditController, MyAccountController } from './http/index.js';
import { UserAdministrationService } from './user-administration.service.js';

@Module({
  imports: [UsersModule],
  controllers: [AdminUsersController, AuditController, MyAccountController],
  providers: [AccountRemovalService, UserAdministrationService],
})
export class AdministrationModule {}
