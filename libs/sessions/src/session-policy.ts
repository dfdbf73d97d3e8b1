import type { Role } from '@app/http';

/** How long sessions last, and how many somebody may have. */
export interface SessionPolicy {
  /** A session that is not refreshed for this long ends. */
  readonly idleTtlMs: number;
  /** A session ends this long after its login, however active. */
  readonly absoluteTtlMs: number;
  /** How long the previous refresh token still gets the same successor. */
  readonly graceMs: number;
  /** Live sessions of one user. */
  readonly sessionLimit: number;
}

export interface SessionPolicies {
  readonly everyone: SessionPolicy;
  /** What differs for those who have a role. */
  readonly byRole: Readonly<Partial<Record<Role, Partial<SessionPolicy>>>>;
}

/** Of somebody with several roles the strictest value of each applies: power is not to be had with the longer life. */
export function policyFor(roles: readonly Role[], { everyone, byRole }: SessionPolicies): SessionPolicy {
  const [first = everyone, ...further] = roles.map((role) => ({ ...everyone, ...byRole[role] }));
  return further.reduce(strictest, first);
}

function strictest(one: SessionPolicy, other: SessionPolicy): SessionPolicy {
  return {
    idleTtlMs: Math.min(one.idleTtlMs, other.idleTtlMs),
    absoluteTtlMs: Math.min(one.absoluteTtlMs, other.absoluteTtlMs),
    graceMs: Math.min(one.graceMs, other.graceMs),
    sessionLimit: Math.min(one.sessionLimit, other.sessionLimit),
  };
}
