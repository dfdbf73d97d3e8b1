import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { AttemptsService } from './attempts.service.js';
import { EXAMS_OPTIONS, type ExamsOptions } from './exams.options.js';
import { AttemptRepository } from './postgres/index.js';

const EVERY_MS = 1000;
const BATCH = 100;

/**
 * Ends attempts nobody submitted, within seconds of their deadline. Several processes may run it: each attempt is
 * ended once, under its row's lock.
 */
@Injectable()
export class AttemptFinaliser implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(AttemptFinaliser.name);
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly repository: AttemptRepository,
    private readonly attempts: AttemptsService,
    @Inject(EXAMS_OPTIONS) private readonly options: ExamsOptions,
  ) {}

  onApplicationBootstrap(): void {
    if (this.options.finalise) this.schedule();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Ends what is due now; gives how many. One that cannot be ended does not hold up the others. */
  async run(): Promise<number> {
    let ended = 0;
    for (const attempt of await this.repository.due(this.options.answerGraceMs, BATCH)) {
      try {
        await this.attempts.end(attempt);
        ended += 1;
      } catch (error) {
        this.logger.error({ event: 'attempt_not_ended', attempt, err: error });
      }
    }
    return ended;
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.runQuietly().then(() => this.schedule());
    }, EVERY_MS).unref();
  }

  private async runQuietly(): Promise<void> {
    try {
      while ((await this.run()) === BATCH);
    } catch (error) {
      this.logger.warn(`Attempts that are due wait: ${(error as Error).message}`);
    }
  }
}
