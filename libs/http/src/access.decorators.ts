import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { markOperation } from './operation-marks.js';
import type { Principal, Role } from './principal.js';
import { planRoute } from './route-plan.js';

/** Lets everyone in. Every route without it needs a valid access token. */
export const Public = () => applyDecorators(planRoute({ isPublic: true }), markOperation('public'));

/** Lets in those who have at least one of the roles. */
export const Roles = (...roles: readonly Role[]) =>
  applyDecorators(planRoute({ roles }), markOperation('roles', roles));

/** Takes no token from any bucket: for probes, which must not be turned away. */
export const Unlimited = () => applyDecorators(planRoute({ isUnlimited: true }), markOperation('unlimited'));

/** A request once the access-token guard has let it pass. */
export interface AuthenticatedRequest {
  readonly user: Principal;
}

/** The verified caller; only on routes that are not public. */
export const CurrentPrincipal = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal => context.switchToHttp().getRequest<AuthenticatedRequest>().user,
);
