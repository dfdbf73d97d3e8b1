import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
process.once('SIGTERM', () => process.exit());
await app.listen(Number(process.env['PORT']), '127.0.0.1');
