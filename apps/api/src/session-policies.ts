import type { AppConfig } from '@app/config';
import type { SessionPolicies, SessionPolicy } from '@app/sessions';

/** What the configuration says of sessions, for everyone and by role. */
export function sessionPoliciesOf(tokens: AppConfig['tokens']): SessionPolicies {
  const { learner, teacher, admin } = tokens.sessionPolicies;
  return {
    everyone: {
      idleTtlMs: tokens.refreshIdleTtlMs,
      absoluteTtlMs: tokens.refreshAbsoluteTtlMs,
      graceMs: tokens.refreshGraceMs,
      sessionLimit: tokens.sessionLimit,
    },
    byRole: { learner: differences(learner), teacher: differences(teacher), admin: differences(admin) },
  };
}

type Rules = AppConfig['tokens']['sessionPolicies']['admin'];

/** Only what is said: the rest comes from the policy for everyone. */
function differences({ idle, absolute, grace, limit }: NonNullable<Rules> = {}): Partial<SessionPolicy> {
  return {
    ...(idle !== undefined && { idleTtlMs: idle }),
    ...(absolute !== undefined && { absoluteTtlMs: absolute }),
    ...(grace !== undefined && { graceMs: grace }),
    ...(limit !== undefined && { sessionLimit: limit }),
  };
}
