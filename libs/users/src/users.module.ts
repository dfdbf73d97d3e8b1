import { Module } from '@nestjs/common';
import { UsersController } from './http/index.js';
import { UserCredentials, UserRepository } from './postgres/index.js';
import { UsersService } from './users.service.js';

@Module({
  controllers: [UsersController],
  providers: [UsersService, UserRepository, UserCredentials],
  exports: [UsersService, UserCredentials],
})
export class UsersModule {}
