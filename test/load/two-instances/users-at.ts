import type { LoadGenerator } from '../generators/load-generator.ts';

const SECONDS = 2;
const MOST = 1024;

export interface Question {
  readonly url: string;
  readonly headers: Record<string, string>;
}

/**
 * How many clients, each with a request under way all the time, get 99 of 100 answers within `limitMs`. Doubles until
 * it is too much, and halves the interval three times.
 */
export async function usersAt(
  limitMs: number,
  question: Question,
  { generator, signal }: { readonly generator: LoadGenerator; readonly signal: AbortSignal },
): Promise<number> {
  const holds = async (connections: number) => {
    const { p99Ms, failures } = await generator.run({ ...question, connections, seconds: SECONDS, signal });
    return failures === 0 && p99Ms <= limitMs;
  };
  let good = 0;
  let bad = 4;
  while (bad <= MOST && (await holds(bad))) [good, bad] = [bad, bad * 2];
  for (let step = 0; step < 3 && bad - good > 1; step += 1) {
    const middle = Math.round((good + bad) / 2);
    if (await holds(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
