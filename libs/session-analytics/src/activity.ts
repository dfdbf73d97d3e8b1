import type { AuthEventKind } from '@app/sessions';

/**
 * What only somebody does who is logged in as the user. Whoever works on for the life of an access token past midnight
 * without renewing it is not counted on the second day; the last-seen time of a session would tell, but it is
 * overwritten, so that a day could not be counted twice with the same result.
 */
export const ACTIVITY: readonly AuthEventKind[] = [
  'login',
  'refresh',
  'refresh.replayed',
  'password.changed',
  'two_factor.enabled',
  'two_factor.disabled',
  'passkey.added',
  'passkey.removed',
];
