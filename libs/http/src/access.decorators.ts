import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { SkipThrottle } from '@nestjs/throttler';
import { markOperation } from './operation-marks.js';
import type { Principal, Role } from './principal.js';

export const PUBLIC_ROUTE = 'http:public';
export const REQUIRED_ROLES = 'http:roles';

/** Lets everyone in. Every route without it needs a valid access token. */
export const Public = () => applyDecorators(SetMetadata(PUBLIC_ROUTE, true), markOperation('public'));

/** Lets in those who have at least one of the roles. */
export const Roles = (...roles: readonly Role[]) =>
  applyDecorators(SetMetadata(REQUIRED_ROLES, roles), markOperation('roles', roles));

/** Takes no token from any bucket: for probes, which must not be turned away. */
export const Unlimited = () => applyDecorators(SkipThrottle(), markOperation('unlimited'));

/** A request once the access-token guard has let it pass. */
export interface AuthenticatedRequest {
  readonly user: Principal;
}

/** The verified caller; only on routes that are not public. */
export const CurrentPrincipal = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal => context.switchToHttp().getRequest<AuthenticatedRequest>().user,
);
