import type { Principal } from '@app/http';
import type { CachedResponse } from './cache-response.decorator.js';

/** The key of a response: route and parameters, query in a fixed order, and whom it was made for. */
export function responseKey({ namespace, audience }: CachedResponse, url: string, user: Principal | undefined): string {
  return `${namespace}:${audienceOf(audience, user)} ${normalized(url)}`;
}

function audienceOf(audience: CachedResponse['audience'], user: Principal | undefined): string {
  switch (audience) {
    case 'everyone':
      return '';
    case 'roles':
      return user === undefined ? '-' : rolesOf(user.roles);
    case 'user':
      return user === undefined ? '-' : user.userId;
  }
}

function rolesOf(roles: readonly string[]): string {
  return roles.length === 1 ? (roles[0] as string) : roles.toSorted().join('+');
}

function normalized(url: string): string {
  const start = url.indexOf('?') + 1;
  if (start === 0 || !url.includes('&', start)) return url;
  return url.slice(0, start) + url.slice(start).split('&').toSorted().join('&');
}
