/** What came back, and when. `status` 0: nothing did, within the time. */
export interface Answer {
  readonly status: number;
  readonly ms: number;
  readonly code: string | undefined;
  readonly retryAfter: string | null;
  readonly body: Record<string, unknown>;
}

interface Question {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly token?: string | undefined;
  readonly body?: object;
  readonly withinMs?: number;
}

const WITHIN_MS = 15_000;

/** Asks the API, and gives whatever it answers. `path` is below `/api/v1`. */
export async function ask(
  url: string,
  path: string,
  { method = 'GET', token, body, withinMs = WITHIN_MS }: Question = {},
): Promise<Answer> {
  const started = performance.now();
  const answer = (part: Partial<Answer>): Answer => ({
    status: 0,
    code: undefined,
    retryAfter: null,
    body: {},
    ...part,
    ms: performance.now() - started,
  });
  try {
    const response = await fetch(`${url}/api/v1/${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(withinMs),
    });
    const text = await response.text();
    const read = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    return answer({
      status: response.status,
      code: read['code'] as string | undefined,
      retryAfter: response.headers.get('retry-after'),
      body: read,
    });
  } catch {
    return answer({});
  }
}

export interface Client {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sessionId: string;
  readonly email: string;
}

const PASSWORD = 'plum-kettle-94-river';
let registered = 0;

export async function register(url: string): Promise<Client> {
  registered += 1;
  const email = `chaos-${process.pid}-${Date.now()}-${registered}@example.org`;
  return toClient(await ask(url, 'auth/register', { method: 'POST', body: { email, password: PASSWORD } }), email);
}

export async function login(url: string, email: string): Promise<Client> {
  return toClient(await ask(url, 'auth/login', { method: 'POST', body: { email, password: PASSWORD } }), email);
}

export const refresh = (url: string, refreshToken: string): Promise<Answer> =>
  ask(url, 'auth/refresh', { method: 'POST', body: { refreshToken } });

export const logout = (url: string, { accessToken }: Client): Promise<Answer> =>
  ask(url, 'auth/logout', { method: 'POST', token: accessToken });

export const logoutEverywhere = (url: string, { accessToken }: Client): Promise<Answer> =>
  ask(url, 'auth/logout-all', { method: 'POST', token: accessToken });

/** To the password that it was, so that everybody can log in again. */
export const resetPassword = (url: string, token: string): Promise<Answer> =>
  ask(url, 'auth/password/reset', { method: 'POST', body: { token, password: PASSWORD } });

export const me = (url: string, { accessToken }: Pick<Client, 'accessToken'>): Promise<Answer> =>
  ask(url, 'users/me', { token: accessToken });

export function toClient(answer: Answer, email: string): Client {
  if (answer.status !== 200 && answer.status !== 201) throw new Error(`Not logged in: ${JSON.stringify(answer)}`);
  const { accessToken, refreshToken, session } = answer.body as {
    accessToken: string;
    refreshToken: string;
    session: { id: string };
  };
  return { accessToken, refreshToken, sessionId: session.id, email };
}
