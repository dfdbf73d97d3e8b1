import { readFile } from 'node:fs/promises';
import { CacheInterceptor } from '@nestjs/cache-manager';
import { Controller, Get, UseGuards, UseInterceptors } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';

@Controller('api/v1/questions')
@UseGuards(AuthGuard('jwt'))
@UseInterceptors(CacheInterceptor)
export class QuestionsController {
  /** Runs once: afterwards the interceptor answers. */
  @Get()
  async findAll(): Promise<unknown> {
    return JSON.parse(await readFile(process.env['PAGE_FILE']!, 'utf8'));
  }
}
