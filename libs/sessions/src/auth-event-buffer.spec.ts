import { AuthEventBuffer } from './auth-event-buffer.js';
import type { AuthEvent } from './auth-event.js';
import type { AuthEventLog } from './postgres/index.js';

let written: AuthEvent[];
let broken: boolean;
let buffer: AuthEventBuffer;
beforeEach(() => {
  written = [];
  broken = false;
  const log = {
    record: async (events: readonly AuthEvent[]) => {
      if (broken) throw new Error('away');
      written.push(...events);
    },
  };
  buffer = new AuthEventBuffer(log as unknown as AuthEventLog);
});

describe('AuthEventBuffer', () => {
  it('writes what was noted, once and in order, with the time it was noted', async () => {
    for (let index = 0; index < 2500; index += 1) buffer.note({ kind: 'refresh', detail: { index } });
    await Promise.all([buffer.flush(), buffer.flush()]);
    await buffer.flush();
    expect(written.map(({ detail }) => detail?.['index'])).toEqual(Array.from({ length: 2500 }, (_, index) => index));
    expect(written.every(({ at }) => at instanceof Date)).toBe(true);
  });

  it('keeps what cannot be written, up to a bound', async () => {
    broken = true;
    for (let index = 0; index < 12_000; index += 1) buffer.note({ kind: 'refresh' });
    await buffer.flush();
    broken = false;
    await buffer.flush();
    expect(written).toHaveLength(10_000);
  });

  it('writes what is left when the process ends', async () => {
    buffer.note({ kind: 'login.failed' });
    await buffer.beforeApplicationShutdown();
    expect(written).toHaveLength(1);
  });
});
