import { extent } from './extent.js';
import { login, logout, me, refresh, register, toClient, type Answer, type Client } from './http.js';

/** What learners met while they worked. */
export interface Experience {
  requests: number;
  logouts: number;
  /** Accepted though the logout had been acknowledged before the request began. */
  acceptedRevoked: number;
  /** Refused as ended though nobody had logged out. */
  lostSessions: number;
  /** 503 with `Retry-After`. */
  busy: number;
  /** Neither served, nor refused for a reason, nor told to come back. */
  wrong: string[];
  unanswered: number;
  slowestMs: number;
  /** What that was. */
  slowest: string;
}

/** Of each learner between two requests: in the full form forty leave the machine room to answer within its limit. */
const PAUSE_MS = extent(200, 15);
/** A login takes as long as fifty reads. */
const TURNS_A_LOGIN = 24;

/** Learners who read, refresh, log out and log in again, on any process, until they are told to stop. */
export class LearnerLoad {
  readonly experience: Experience = {
    requests: 0,
    logouts: 0,
    acceptedRevoked: 0,
    lostSessions: 0,
    busy: 0,
    wrong: [],
    unanswered: 0,
    slowestMs: 0,
    slowest: '',
  };
  private stopped = false;
  private readonly learners: Promise<void>[];

  private constructor(
    private readonly urls: readonly string[],
    clients: readonly Client[],
  ) {
    this.learners = clients.map((client, index) => this.learn(client, index));
  }

  /** Registers them one after the other: so many passwords at once would be all that the machine does. */
  static async begin(urls: readonly string[], learners: number): Promise<LearnerLoad> {
    const clients: Client[] = [];
    while (clients.length < learners) clients.push(await register(urls[clients.length % urls.length] as string));
    return new LearnerLoad(urls, clients);
  }

  async stop(): Promise<Experience> {
    this.stopped = true;
    await Promise.all(this.learners);
    return this.experience;
  }

  private async learn(begun: Client, index: number): Promise<void> {
    let client = begun;
    for (let turn = index + 1; !this.stopped; turn += 1) {
      if (turn % TURNS_A_LOGIN === 0) client = await this.logOutAndIn(client, turn);
      else if (turn % 7 === 0) client = await this.renewed(client, turn);
      else this.expectServed(await this.count('read', me(this.anywhere(turn), client)), 'read');
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  private async renewed(client: Client, turn: number): Promise<Client> {
    const answer = await this.count('refresh', refresh(this.anywhere(turn), client.refreshToken));
    this.expectServed(answer, 'refresh');
    return answer.status === 200 ? toClient(answer, client.email) : client;
  }

  private async logOutAndIn(client: Client, turn: number): Promise<Client> {
    const answer = await this.count('logout', logout(this.anywhere(turn), client));
    if (answer.status === 204) {
      this.experience.logouts += 1;
      const after = await Promise.all(this.urls.map((url) => this.count('read after logout', me(url, client))));
      const renewals = await Promise.all(
        this.urls.map((url) => this.count('refresh after logout', refresh(url, client.refreshToken))),
      );
      this.experience.acceptedRevoked += [...after, ...renewals].filter(({ status }) => status === 200).length;
    } else this.expectServed(answer, 'logout');
    for (;;) {
      const again = await login(this.anywhere(turn), client.email).catch(() => undefined);
      if (again !== undefined) return again;
      if (this.stopped) return client;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  private expectServed({ status, code, retryAfter }: Answer, what: string): void {
    if (status === 200 || status === 204) return;
    if (status === 0) this.experience.unanswered += 1;
    else if (status === 503 && retryAfter !== null) this.experience.busy += 1;
    else if (status === 401) this.experience.lostSessions += 1;
    else this.experience.wrong.push(`${what}: ${status} ${code}`);
  }

  private async count(what: string, question: Promise<Answer>): Promise<Answer> {
    const answer = await question;
    this.experience.requests += 1;
    if (answer.ms > this.experience.slowestMs) {
      this.experience.slowestMs = Math.round(answer.ms);
      this.experience.slowest = `${what}: ${answer.status}`;
    }
    return answer;
  }

  private anywhere(turn: number): string {
    return this.urls[turn % this.urls.length] as string;
  }
}
