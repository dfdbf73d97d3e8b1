import { caller, TEACHER, type Pair } from './pair.ts';

const LOGOUTS = 200;
const WRITES = 100;
/** What was not seen after so long is not going to be before the copy ends. */
const SEEN_WITHIN_MS = 2000;

/** How many of the tokens logged out on one instance the other one took at once. */
export async function acceptedAfterLogout({ instances: [one, other] }: Pair): Promise<string> {
  let accepted = 0;
  for (let round = 0; round < LOGOUTS; round += 1) {
    const learner = await caller(one);
    if ((await learner.ask(other, 'GET', 'users/me')).status !== 200) throw new Error('a new token is refused');
    const { status } = await learner.ask(one, 'POST', 'auth/logout');
    if (status !== 204) throw new Error(`the logout answered ${status}`);
    if ((await learner.ask(other, 'GET', 'users/me')).status === 200) accepted += 1;
  }
  return `${accepted} of ${LOGOUTS}`;
}

/** What of the writes on one instance the other one showed, and how soon. */
export async function seenAfterWrite({ instances: [one, other] }: Pair): Promise<string> {
  const [learner, teacher] = [await caller(one), await caller(one, TEACHER)];
  const { body } = await learner.ask(other, 'GET', 'questions?limit=1');
  const [question] = (body as { items: { id: string; difficulty: number }[] }).items;
  const path = `questions/${question?.id}`;
  const delays: number[] = [];
  let { difficulty } = question as { difficulty: number };
  for (let write = 0; write < WRITES; write += 1) {
    await learner.ask(other, 'GET', path);
    difficulty = (difficulty % 5) + 1;
    const { status } = await teacher.ask(one, 'PATCH', path, { difficulty });
    if (status !== 200) throw new Error(`the write answered ${status}`);
    const writtenAt = performance.now();
    const seen = async () =>
      ((await learner.ask(other, 'GET', path)).body as { difficulty: number }).difficulty === difficulty;
    let isSeen = false;
    while (!isSeen && performance.now() - writtenAt < SEEN_WITHIN_MS) isSeen = await seen();
    if (isSeen) delays.push(performance.now() - writtenAt);
    // Once is enough to know that they are not seen.
    if (!isSeen && delays.length === 0 && write === 2) return `none within ${SEEN_WITHIN_MS / 1000} s`;
  }
  const sorted = delays.toSorted((a, b) => a - b);
  const percentile = (share: number) => (sorted[Math.ceil(sorted.length * share) - 1] as number).toFixed(1);
  return `${delays.length} of ${WRITES}, p50 ${percentile(0.5)} ms, p99 ${percentile(0.99)} ms`;
}
