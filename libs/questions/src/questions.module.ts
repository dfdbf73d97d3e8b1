import { Module } from '@nestjs/common';
import { QuestionContentLoader } from './content/index.js';
import { QuestionsController } from './http/index.js';
import { QuestionRepository } from './postgres/index.js';
import { QuestionsService } from './questions.service.js';

@Module({
  controllers: [QuestionsController],
  providers: [QuestionsService, QuestionRepository, QuestionContentLoader],
  exports: [QuestionsService, QuestionContentLoader],
})
export class QuestionsModule {}
