import { UsersModule } from '@app/users';
import { Module } from '@nestjs/common';
import { AccountRemovalService } from './account-removal.service.js';
import { CacheAdministrationService } from './cache-administration.service.js';
import { AdminUsersController, AuditController, CacheController, MyAccountController } from './http/index.js';
import { UserAdministrationService } from './user-administration.service.js';

@Module({
  imports: [UsersModule],
  controllers: [AdminUsersController, AuditController, CacheController, MyAccountController],
  providers: [AccountRemovalService, CacheAdministrationService, UserAdministrationService],
})
export class AdministrationModule {}
