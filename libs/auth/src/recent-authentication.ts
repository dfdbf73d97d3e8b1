import { SessionsService, type SessionRef } from '@app/sessions';
import { Inject, Injectable } from '@nestjs/common';
import { StepUpRequiredError } from './auth.errors.js';
import { AUTH_OPTIONS, type AuthOptions } from './auth.options.js';

/** How long ago somebody showed who they are. Asks the ledger, on the few routes where it matters. */
@Injectable()
export class RecentAuthenticationCheck {
  constructor(
    private readonly sessions: SessionsService,
    @Inject(AUTH_OPTIONS) private readonly options: Pick<AuthOptions, 'stepUpTtlMs'>,
  ) {}

  /** @throws {StepUpRequiredError} */
  async assertRecent(session: SessionRef): Promise<void> {
    const { stepUpTtlMs } = this.options;
    const agoMs = await this.sessions.sinceAuthenticationMs(session);
    if (agoMs === undefined || agoMs > stepUpTtlMs) throw new StepUpRequiredError(stepUpTtlMs);
  }
}
