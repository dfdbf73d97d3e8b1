/** What happened to an account or a session, for analytics and for people who look into an incident. */
export type AuthEventKind =
  | 'account.registered'
  | 'account.deleted'
  | 'account.disabled'
  | 'account.enabled'
  | 'cache.invalidated'
  | 'cache.warmed'
  | 'email.verified'
  | 'login'
  | 'login.failed'
  | 'login.limited'
  | 'login.new_device'
  | 'password.changed'
  | 'password.reset_requested'
  | 'password.reset'
  | 'refresh'
  | 'refresh.replayed'
  | 'refresh.reused'
  | 'refresh.from_the_future'
  | 'session.revoked'
  | 'sessions.revoked_all'
  | 'signing_key.rotated'
  | 'signing_key.revoked'
  | 'two_factor.enabled'
  | 'two_factor.disabled'
  | 'two_factor.failed'
  | 'two_factor.recovery_code_used'
  | 'passkey.added'
  | 'passkey.removed'
  | 'passkey.copied';

export interface AuthEvent {
  readonly kind: AuthEventKind;
  /** When it is written unless given. */
  readonly at?: Date;
  readonly userId?: string | undefined;
  readonly sessionId?: string | undefined;
  /** Who did it, where that is not the user: an admin. */
  readonly actorId?: string | undefined;
  readonly ip?: string | undefined;
  readonly deviceName?: string | undefined;
  /** Anything else worth keeping; never a secret. */
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}
