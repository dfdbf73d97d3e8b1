import type { AuthEventKind } from '@app/sessions';

/** What makes events suspicious: so many of a kind, of one subject, within one hour of the clock. */
interface SuspicionRule {
  readonly event: AuthEventKind;
  readonly by: 'session' | 'account' | 'address';
  readonly threshold: number;
}

/** What to look into, by its name in the API. */
export const SUSPICION_RULES = {
  refresh_reused: { event: 'refresh.reused', by: 'session', threshold: 1 },
  refresh_from_the_future: { event: 'refresh.from_the_future', by: 'session', threshold: 1 },
  passkey_copied: { event: 'passkey.copied', by: 'account', threshold: 1 },
  password_guessing: { event: 'login.failed', by: 'account', threshold: 10 },
  password_spraying: { event: 'login.failed', by: 'address', threshold: 100 },
  code_guessing: { event: 'two_factor.failed', by: 'account', threshold: 5 },
  // Written at most once a minute for each bucket and process.
  login_flood: { event: 'login.limited', by: 'address', threshold: 5 },
} as const satisfies Record<string, SuspicionRule>;

export type SuspicionKind = keyof typeof SUSPICION_RULES;
export const SUSPICION_KINDS = Object.keys(SUSPICION_RULES) as [SuspicionKind, ...SuspicionKind[]];
