import { Module } from '@nestjs/common';
import { UsersController } from './http/index.js';
import { UserCredentials, UserDirectory, UserRepository } from './postgres/index.js';
import { UsersService } from './users.service.js';

@Module({
  controllers: [UsersController],
  providers: [UsersService, UserRepository, UserCredentials, UserDirectory],
  exports: [UsersService, UserCredentials, UserDirectory],
})
export class UsersModule {}
