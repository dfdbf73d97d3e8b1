import type { Principal, Role } from '@app/http';
import fc from 'fast-check';
import type { CacheAudience } from './cache-response.decorator.js';
import { responseKey } from './response-key.js';

const declared = (audience: CacheAudience) => ({ namespace: 'questions', audience, tags: [] });
const reader = (userId: string, ...roles: Role[]): Principal => ({ userId, sessionId: 's', roles });
const keyFor = (audience: CacheAudience, user?: Principal, url = '/api/v1/questions') =>
  responseKey(declared(audience), url, user);

describe('responseKey', () => {
  it('begins with its namespace, which can be cleared as a whole', () => {
    expect(keyFor('everyone')).toMatch(/^questions:/);
  });

  it('never gives two users the same `user` key, whatever they ask for', () => {
    const urls = fc.webPath().map((path) => `/api/v1${path}`);
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), urls, urls, (one, other, url, otherUrl) => {
        fc.pre(one !== other);
        expect(keyFor('user', reader(one), url)).not.toBe(keyFor('user', reader(other), otherUrl));
      }),
    );
  });

  it('gives a user and somebody who is not logged in different keys', () => {
    expect(keyFor('user', reader('u'))).not.toBe(keyFor('user'));
    expect(keyFor('roles', reader('u', 'learner'))).not.toBe(keyFor('roles'));
  });

  it('is one for all users of the same roles, in whatever order their roles are', () => {
    expect(keyFor('roles', reader('a', 'teacher', 'admin'))).toBe(keyFor('roles', reader('b', 'admin', 'teacher')));
    expect(keyFor('roles', reader('a', 'learner'))).not.toBe(keyFor('roles', reader('a', 'learner', 'teacher')));
  });

  it('is one for everyone where the declaration says so', () => {
    expect(keyFor('everyone', reader('a', 'admin'))).toBe(keyFor('everyone'));
  });

  it('does not depend on the order of the query', () => {
    const parameters = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,5}=[a-z0-9%]{0,5}$/), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(parameters, fc.integer(), (query, seed) => {
        const shuffled = query.toSorted((a, b) => ((seed ^ a.length) % 3) - ((seed ^ b.length) % 3)).toReversed();
        expect(keyFor('everyone', undefined, `/q?${shuffled.join('&')}`)).toBe(
          keyFor('everyone', undefined, `/q?${query.join('&')}`),
        );
      }),
    );
  });

  it('tells paths, parameters and values apart', () => {
    const urls = ['/q', '/q?', '/q?a=1', '/q?a=2', '/q?b=1', '/q?a=1&b=1', '/q?a=1&a=1', '/r?a=1'];
    expect(new Set(urls.map((url) => keyFor('everyone', undefined, url))).size).toBe(urls.length);
  });
});
