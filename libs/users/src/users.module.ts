import { Module } from '@nestjs/common';
import { UsersController } from './http/index.js';
import { UserRepository } from './postgres/index.js';
import { UsersService } from './users.service.js';

@Module({ controllers: [UsersController], providers: [UsersService, UserRepository], exports: [UsersService] })
export class UsersModule {}
