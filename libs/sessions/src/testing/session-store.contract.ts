import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ContractCase } from '@app/contract';
import type { SessionActivity, SessionStore } from '../session-store.js';

const activityAt = (sessionId: string, seenAt: number): SessionActivity => ({
  sessionId,
  seenAt,
  ip: '203.0.113.7',
  generation: 3,
});

/** What every `SessionStore` must do. `create` gives an empty store. */
export function sessionStoreContract(create: () => Promise<SessionStore>): ContractCase[] {
  const at = (name: string, check: (store: SessionStore) => Promise<void>): ContractCase => ({
    name,
    run: async () => check(await create()),
  });
  return [
    at('answers what was recorded, for the sessions asked for', async (store) => {
      const [mine, other, silent] = [randomUUID(), randomUUID(), randomUUID()];
      await store.record(activityAt(mine, 1000));
      await store.record(activityAt(other, 2000));
      assert.deepEqual(await store.recent([mine, silent]), [activityAt(mine, 1000)]);
      assert.deepEqual(await store.recent([]), []);
    }),
    at('keeps the latest, whatever order they arrive in', async (store) => {
      const id = randomUUID();
      for (const seenAt of [2000, 3000, 1000]) await store.record(activityAt(id, seenAt));
      assert.deepEqual(await store.recent([id]), [activityAt(id, 3000)]);
    }),
    at('drains up to the limit, and each activity once', async (store) => {
      const ids = Array.from({ length: 10 }, () => randomUUID());
      for (const id of ids) await store.record(activityAt(id, 1000));
      const batches = await Promise.all([store.drain(4), store.drain(4), store.drain(4)]);
      assert.ok(batches.every((batch) => batch.length <= 4));
      assert.deepEqual(
        batches
          .flat()
          .map(({ sessionId }) => sessionId)
          .toSorted(),
        ids.toSorted(),
      );
      assert.deepEqual(await store.drain(4), []);
    }),
    at('takes a session again after it was drained', async (store) => {
      const id = randomUUID();
      await store.record(activityAt(id, 1000));
      await store.drain(10);
      await store.record(activityAt(id, 2000));
      assert.deepEqual(await store.drain(10), [activityAt(id, 2000)]);
    }),
  ];
}
