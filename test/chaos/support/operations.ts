import fc from 'fast-check';
import type { WriteFault } from './disturbance.js';

/** What Redis knows when it is back: nothing, or what it knew when the round began. */
export type RedisMemory = 'nothing' | 'an older state';

/** Something that is done to, or asked of, two instances and the servers they share. `on` says by which. */
export type Operation =
  | { readonly do: 'check' | 'refresh' | 'logout'; readonly on: number; readonly session: number }
  | { readonly do: 'logoutEverywhere' | 'login'; readonly on: number }
  | { readonly do: 'flush' | 'evict' }
  | { readonly do: 'restart Redis'; readonly knowing: RedisMemory }
  | { readonly do: 'restart an instance'; readonly on: number }
  | { readonly do: 'fail'; readonly on: number; readonly how: WriteFault };

/** Sessions a round begins with. */
export const SESSIONS = 3;
const OPERATIONS = 40;

const on = fc.integer({ min: 0, max: 1 });
const session = fc.integer({ min: 0, max: SESSIONS });
const is = <Name extends string>(name: Name) => fc.constant(name);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 192, arbitrary: fc.record({ do: is('check'), on, session }) },
  { weight: 24, arbitrary: fc.record({ do: is('refresh'), on, session }) },
  { weight: 24, arbitrary: fc.record({ do: is('logout'), on, session }) },
  { weight: 8, arbitrary: fc.record({ do: is('logoutEverywhere'), on }) },
  { weight: 8, arbitrary: fc.record({ do: is('login'), on }) },
  { weight: 8, arbitrary: fc.record({ do: is('flush') }) },
  { weight: 16, arbitrary: fc.record({ do: is('evict') }) },
  // Each takes as long as a round without them.
  {
    weight: 1,
    arbitrary: fc.record({
      do: is('restart Redis'),
      knowing: fc.constantFrom<RedisMemory>('nothing', 'an older state'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: is('restart an instance'), on }) },
  {
    weight: 16,
    arbitrary: fc.record({ do: is('fail'), on, how: fc.constantFrom<WriteFault>('not sent', 'reply lost') }),
  },
);

/** What happens in one round, all at once. */
export const operations = fc.array(operation, { minLength: OPERATIONS, maxLength: OPERATIONS });

/** Milliseconds that the steps of a round are held up, one after the other: some for as long as a logout takes. */
const delay = fc.oneof(
  { weight: 12, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.constant(2) },
  { weight: 1, arbitrary: fc.constant(8) },
  { weight: 1, arbitrary: fc.constant(40) },
);
export const delays = fc.infiniteStream(delay, { noHistory: true });
