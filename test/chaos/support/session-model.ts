import { randomUUID } from 'node:crypto';
import { SessionRevokedError, type SessionGrant } from '@app/sessions';
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
}

export const noFindings = (): Findings => ({ checks: 0, refusals: 0, acceptedRevoked: 0, lostSessions: 0 });

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

  async check({ access }: SessionInstance, which: number): Promise<void> {
    const session = this.pick(which);
    await this.judge(session, async () => access.assertInForce(session.grant));
  }

  async refresh({ rotation }: SessionInstance, which: number): Promise<void> {
    const session = this.pick(which);
    const { refreshToken } = session.grant;
    await this.judge(session, async () => {
      const grant = await rotation.rotate(refreshToken, DEVICE);
      if (grant.generation > session.grant.generation) session.grant = grant;
    });
  }

  async logout({ sessions }: SessionInstance, which: number): Promise<void> {
    const session = this.pick(which);
    session.ending = true;
    await sessions.logout(session.grant);
    session.ended = true;
  }

  async logoutEverywhere({ sessions }: SessionInstance): Promise<void> {
    const concerned = [...this.sessions];
    for (const session of concerned) session.ending = true;
    await sessions.logoutEverywhere(this.userId);
    for (const session of concerned) session.ended = true;
  }

  /** The epoch is read before, as a login reads it with the password. */
  async login({ users, sessions }: SessionInstance): Promise<void> {
    const user = await users.get(this.userId);
    const grant = await sessions.open(user, DEVICE).catch(() => undefined);
    // What else is ending at this moment may end this one too.
    if (grant !== undefined)
      this.sessions.push({ grant, ended: false, ending: this.sessions.some(({ ending }) => ending) });
  }

  private pick(which: number): ModelSession {
    return this.sessions[which % this.sessions.length] as ModelSession;
  }

  private async judge(session: ModelSession, ask: () => Promise<unknown>): Promise<void> {
    const wasEnded = session.ended;
    this.findings.checks += 1;
    try {
      await ask();
      if (wasEnded) this.findings.acceptedRevoked += 1;
    } catch (error) {
      const refused =
        error instanceof SessionRevokedError || (error as { code?: string }).code === 'auth.refresh_invalid';
      if (!refused) throw error;
      this.findings.refusals += 1;
      if (!session.ending) this.findings.lostSessions += 1;
    }
  }
}
