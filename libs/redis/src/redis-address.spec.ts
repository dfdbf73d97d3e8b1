import { parseRedisAddress } from './redis-address.js';

const A = { host: 'a', port: 7000 };
const B = { host: 'b.internal', port: 7001 };

describe('parseRedisAddress', () => {
  it.each([
    ['localhost:6379', { kind: 'single', url: 'redis://localhost:6379' }],
    ['redis://user:pw@a:7000/2', { kind: 'single', url: 'redis://user:pw@a:7000/2' }],
    ['rediss://a:7000', { kind: 'single', url: 'rediss://a:7000' }],
    ['a:7000,b.internal:7001', { kind: 'cluster', nodes: [A, B] }],
    ['redis+cluster://a:7000', { kind: 'cluster', nodes: [A] }],
    ['redis+cluster://a:7000,b.internal:7001', { kind: 'cluster', nodes: [A, B] }],
    ['redis+sentinel://a:7000,b.internal:7001/main', { kind: 'sentinel', nodes: [A, B], master: 'main' }],
    ['redis+sentinel://a:7000', { kind: 'sentinel', nodes: [A], master: 'mymaster' }],
  ])('reads %s', (text, address) => expect(parseRedisAddress(text)).toEqual(address));
});
