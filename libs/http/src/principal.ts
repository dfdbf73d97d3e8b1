export const ROLES = ['learner', 'teacher', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who is calling, as the verified access token and its session say. */
export interface Principal {
  readonly userId: string;
  readonly sessionId: string;
  readonly roles: readonly Role[];
}

/** Teachers and admins write and see the whole question bank. */
export const EDITOR_ROLES: readonly Role[] = ['teacher', 'admin'];

export function isEditor(principal: Principal): boolean {
  return principal.roles.some((role) => EDITOR_ROLES.includes(role));
}
