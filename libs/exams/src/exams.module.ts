import { QuestionsModule } from '@app/questions';
import { Module } from '@nestjs/common';
import { AttemptEvents } from './attempt-events.js';
import { AttemptFinaliser } from './attempt-finaliser.js';
import { AttemptScorer } from './attempt-scorer.js';
import { AttemptsService } from './attempts.service.js';
import { ExamContentLoader } from './content/index.js';
import { ExamCatalog } from './exam-catalog.js';
import { ConfigurableModuleClass } from './exams.module-definition.js';
import { AttemptsController, ExamsController, ProgressController } from './http/index.js';
import { AttemptRepository, ExamRepository, ScaleRepository } from './postgres/index.js';
import { ProgressService } from './progress.service.js';

@Module({
  imports: [QuestionsModule],
  controllers: [ExamsController, AttemptsController, ProgressController],
  providers: [
    AttemptEvents,
    AttemptFinaliser,
    AttemptRepository,
    AttemptScorer,
    AttemptsService,
    ExamCatalog,
    ExamContentLoader,
    ExamRepository,
    ProgressService,
    ScaleRepository,
  ],
  exports: [AttemptEvents, AttemptsService, ExamContentLoader],
})
export class ExamsModule extends ConfigurableModuleClass {}
