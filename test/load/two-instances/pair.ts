import { bearerLogin } from '../servers/bearer-login.ts';
import type { LaunchContext } from '../servers/launch-context.ts';
import { LEARNER, startMockingbird } from '../servers/mockingbird.ts';
import type { NodeServer } from '../servers/node-server.ts';

export const TEACHER = { email: 'teacher@example.com', password: 'teacher-demo-2026' };
export const ADMIN = { email: 'admin@example.com', password: 'admin-demo-2026' };

/** Two instances of one installation. */
export interface Pair extends AsyncDisposable {
  readonly name: string;
  readonly instances: readonly [NodeServer, NodeServer];
}

/** @param env the same for both */
export async function startPair(name: string, env: Record<string, string>, context: LaunchContext): Promise<Pair> {
  await using stack = new AsyncDisposableStack();
  const one = stack.use(await startMockingbird({ name: `${name} A`, env }, context));
  const two = stack.use(await startMockingbird({ name: `${name} B`, env }, context));
  const started = stack.move();
  return { name, instances: [one, two], [Symbol.asyncDispose]: () => started.disposeAsync() };
}

export interface Reply {
  readonly status: number;
  readonly cacheStatus: string;
  readonly body: unknown;
}

/** Somebody who is logged in, to ask any instance. */
export async function caller(server: NodeServer, account = LEARNER): Promise<Caller> {
  return new Caller(await bearerLogin(server.origin, account));
}

export class Caller {
  private readonly headers: Record<string, string>;

  constructor(headers: Record<string, string>) {
    this.headers = headers;
  }

  async ask({ origin }: NodeServer, method: string, path: string, body?: object): Promise<Reply> {
    const response = await fetch(`${origin}/api/v1/${path}`, {
      method,
      headers: { ...this.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      cacheStatus: response.headers.get('cache-status') ?? '',
      body: isJson ? JSON.parse(text) : text,
    };
  }
}
