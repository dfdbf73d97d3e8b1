import { nextRequestId } from './next-request-id.js';

describe('ids of requests', () => {
  it('are UUIDs, each another', () => {
    const ids = Array.from({ length: 10_000 }, nextRequestId);
    expect(new Set(ids).size).toBe(10_000);
    const malformed = ids.filter(
      (id) => !/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id),
    );
    expect(malformed).toEqual([]);
  });
});
