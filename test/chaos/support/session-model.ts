import { randomUUID } from 'node:crypto';
import { UnavailableError } from '@app/errors';
import { RefreshTokenInvalidError, SessionRevokedError, type SessionGrant } from '@app/sessions';
import type { SessionInstance } from './session-instance.js';

const DEVICE = { ip: '203.0.113.7', userAgent: 'model' };

/** A session as the model knows it. */
interface ModelSession {
  grant: SessionGrant;
  /** A revocation of it was acknowledged: nothing that begins from now on may be accepted. */
  ended: boolean;
  /** A revocation of it was begun: it may be refused from now on. */
  ending: boolean;
}

/** What a run found, over all its sessions. */
export interface Findings {
  checks: number;
  refusals: number;
  /** Acknowledged as revoked before the question was asked, and accepted. */
  acceptedRevoked: number;
  /** Refused though nobody had begun to revoke it. */
  lostSessions: number;
  /** Nobody could tell: 503. */
  unanswered: number;
  /** Of Redis, and of an instance. */
  restarts: number;
}

export const noFindings = (): Findings => ({
  checks: 0,
  refusals: 0,
  acceptedRevoked: 0,
  lostSessions: 0,
  unanswered: 0,
  restarts: 0,
});

/** One user with some sessions, and what must be true of them. */
export class SessionModel {
  private constructor(
    private readonly userId: string,
    private readonly sessions: ModelSession[],
    private readonly findings: Findings,
  ) {}

  static async create({ users, sessions }: SessionInstance, count: number, findings: Findings): Promise<SessionModel> {
    const user = await users.create({
      email: `${randomUUID()}@example.org`,
      displayName: 'Model',
      passwordHash: 'none',
      roles: ['learner'],
    });
    const model = new SessionModel(user.id, [], findings);
    for (let index = 0; index < count; index += 1) {
      const grant = await sessions.open(user, DEVICE);
      model.sessions.push({ grant, ended: false, ending: false });
    }
    return model;
  }

  async check(instance: SessionInstance, which: number): Promise<void> {
    const session = this.pick(which);
    await this.judge(instance, session, async () => instance.access.assertInForce(session.grant));
  }

  async refresh(instance: SessionInstance, which: number): Promise<void> {
    const session = this.pick(which);
    const { refreshToken } = session.grant;
    await this.judge(instance, session, async () => {
      const grant = await instance.rotation.rotate(refreshToken, DEVICE);
      if (grant.generation > session.grant.generation) session.grant = grant;
    });
  }

  logout(instance: SessionInstance, which: number): Promise<void> {
    const session = this.pick(which);
    return this.revoke(instance, [session], () => instance.sessions.logout(session.grant));
  }

  logoutEverywhere(instance: SessionInstance): Promise<void> {
    return this.revoke(instance, [...this.sessions], () => instance.sessions.logoutEverywhere(this.userId));
  }

  private async revoke(
    instance: SessionInstance,
    concerned: readonly ModelSession[],
    end: () => Promise<void>,
  ): Promise<void> {
    for (const session of concerned) session.ending = true;
    try {
      await end();
      for (const session of concerned) session.ended = true;
    } catch (error) {
      // Not acknowledged: it may have ended or not.
      if (!instance.ended && !(error instanceof UnavailableError)) throw error;
    }
  }

  /** The epoch is read before, as a login reads it with the password. */
  async login({ users, sessions }: SessionInstance): Promise<void> {
    const grant = await users
      .get(this.userId)
      .then((user) => sessions.open(user, DEVICE))
      .catch(() => undefined);
    // What else is ending at this moment may end this one too.
    if (grant !== undefined)
      this.sessions.push({ grant, ended: false, ending: this.sessions.some(({ ending }) => ending) });
  }

  private pick(which: number): ModelSession {
    return this.sessions[which % this.sessions.length] as ModelSession;
  }

  private async judge(instance: SessionInstance, session: ModelSession, ask: () => Promise<unknown>): Promise<void> {
    const wasEnded = session.ended;
    const accepted = await verdict(ask, instance);
    if (accepted === undefined) {
      this.findings.unanswered += 1;
      return;
    }
    this.findings.checks += 1;
    if (accepted && wasEnded) this.findings.acceptedRevoked += 1;
    if (accepted) return;
    this.findings.refusals += 1;
    if (!session.ending) this.findings.lostSessions += 1;
  }
}

/** Undefined when there was none: the instance was being stopped, or too busy to tell in time. */
async function verdict(ask: () => Promise<unknown>, instance: SessionInstance): Promise<boolean | undefined> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (error instanceof SessionRevokedError || error instanceof RefreshTokenInvalidError) return false;
    if (instance.ended || error instanceof UnavailableError) return undefined;
    throw error;
  }
}
