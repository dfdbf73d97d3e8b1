import request, { type Agent, type Response } from 'supertest';
import { runSql } from './run-sql.js';
import { demoAccount, type TestApp } from './test-app.js';

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly session: { readonly id: string };
  readonly user: { readonly id: string; readonly email: string };
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Somebody who calls the API with an access token, or without one. */
export class ApiClient {
  private readonly agent: Agent;

  constructor(
    readonly url: string,
    readonly tokens?: Tokens,
  ) {
    this.agent = request(url);
  }

  /** `path` is below `/api/v1`. */
  call(method: Method, path: string, body?: object): Promise<Response> & request.Test {
    const call = this.agent[method](`/api/v1/${path}`);
    if (this.tokens !== undefined) void call.set('Authorization', `Bearer ${this.tokens.accessToken}`);
    if (body !== undefined) void call.send(body);
    return call;
  }
}

let learners = 0;
const PASSWORD = 'plum-kettle-94-river';

/** A new learner, logged in. */
export async function registerLearner({
  url,
}: Pick<TestApp, 'url'>): Promise<ApiClient & { readonly tokens: Tokens; readonly password: string }> {
  learners += 1;
  const email = `learner-${process.pid}-${Date.now()}-${learners}@example.org`;
  const { body } = await new ApiClient(url).call('post', 'auth/register', { email, password: PASSWORD }).expect(201);
  return Object.assign(new ApiClient(url, body as Tokens), { tokens: body as Tokens, password: PASSWORD });
}

/** A new account with another role, logged in, that a test may do away with. */
export async function registerAs(
  app: Pick<TestApp, 'url' | 'databaseUrl'>,
  role: 'teacher' | 'admin',
): Promise<ApiClient & { readonly tokens: Tokens }> {
  const { tokens, password } = await registerLearner(app);
  const { id, email } = tokens.user;
  await runSql(app.databaseUrl, 'UPDATE users SET roles = ARRAY[$2] WHERE id = $1', [id, role]);
  return login(app, { email, password });
}

/** One of the demo accounts, logged in. */
export async function loginAs(
  app: Pick<TestApp, 'url'>,
  role: 'learner' | 'teacher' | 'admin',
): Promise<ApiClient & { readonly tokens: Tokens }> {
  return login(app, demoAccount(role));
}

export async function login(
  { url }: Pick<TestApp, 'url'>,
  credentials: { email: string; password: string },
): Promise<ApiClient & { readonly tokens: Tokens }> {
  const { body } = await new ApiClient(url).call('post', 'auth/login', credentials).expect(200);
  return Object.assign(new ApiClient(url, body as Tokens), { tokens: body as Tokens });
}
