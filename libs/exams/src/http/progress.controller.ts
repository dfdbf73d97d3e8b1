import { CurrentPrincipal, DescribeRoute, idSchema, timeSchema, type Principal } from '@app/http';
import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ProgressService } from '../progress.service.js';
import { abilityShareView, examRefView, partShareView } from './result.view.js';

const progressView = z
  .object({
    attempts: z.int(),
    parts: z.array(partShareView),
    abilities: z.array(abilityShareView),
    history: z.array(
      z.object({
        attemptId: idSchema,
        exam: examRefView,
        finishedAt: timeSchema,
        correct: z.int(),
        total: z.int(),
        scaled: z.int().nullable(),
      }),
    ),
  })
  .meta({ id: 'Progress' });

@ApiTags('progress')
@Controller('progress')
export class ProgressController {
  constructor(private readonly progress: ProgressService) {}

  @Get()
  @DescribeRoute({ summary: 'What I have achieved, over my last 200 attempts', answer: progressView })
  async get(@CurrentPrincipal() { userId }: Principal) {
    const { attempts, parts, abilities, history } = await this.progress.of(userId);
    const entries = history.map(({ finishedAt, ...entry }) => ({ ...entry, finishedAt: finishedAt.toISOString() }));
    return { attempts, parts, abilities, history: entries };
  }
}
