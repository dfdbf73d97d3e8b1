import { CacheModule } from '@nestjs/cache-manager';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { AuthModule } from './auth.module.js';
import { HealthController } from './health.controller.js';
import { QuestionsController } from './questions.controller.js';

@Module({
  imports: [
    CacheModule.register({ isGlobal: true, ttl: 900_000 }),
    ThrottlerModule.forRoot([{ ttl: Number(process.env['THROTTLE_WINDOW_MS']), limit: 1_000_000_000 }]),
    AuthModule,
  ],
  controllers: [HealthController, QuestionsController],
  providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }],
})
export class AppModule {}
