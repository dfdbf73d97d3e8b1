import { CurrentPrincipal, DescribeRoute, idSchema, timeSchema, type Principal } from '@app/http';
import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ProgressService } from '../progress.service.js';
import {
  ABILITY_SHARE_EXAMPLE,
  abilityShareView,
  EXAM_REF_EXAMPLE,
  examRefView,
  PART_SHARE_EXAMPLE,
  partShareView,
} from './result.view.js';

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
  .meta({
    id: 'Progress',
    example: {
      attempts: 1,
      parts: [PART_SHARE_EXAMPLE],
      abilities: [ABILITY_SHARE_EXAMPLE],
      history: [
        {
          attemptId: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80',
          exam: EXAM_REF_EXAMPLE,
          finishedAt: '2026-11-22T09:58:41.000Z',
          correct: 12,
          total: 15,
          scaled: null,
        },
      ],
    },
  });

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
