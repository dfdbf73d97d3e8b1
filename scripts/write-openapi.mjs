/* Writes docs/openapi.json from the built app, without listening and without a database. */
import { writeFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from '../dist/apps/api/src/app.module.js';
import { setPrefix } from '../dist/apps/api/src/create-app.js';
import { openApiDocument } from '../dist/apps/api/src/openapi.js';
import { loadConfig } from '../dist/libs/config/src/index.js';

const TARGET = new URL('../docs/openapi.json', import.meta.url);

// A preview knows all routes and makes no provider, so nothing connects to the database.
const runtime = { database: { socketDir: 'none' }, secret: 'none' };
const app = await NestFactory.create(
  await AppModule.forConfig(loadConfig({ NODE_ENV: 'test' }), runtime),
  new FastifyAdapter(),
  { preview: true, logger: ['error'], abortOnError: false },
);
setPrefix(app);
writeFileSync(TARGET, `${JSON.stringify(openApiDocument(app), null, 2)}\n`);
