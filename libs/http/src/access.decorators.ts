import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Principal, Role } from './principal.js';

export const PUBLIC_ROUTE = 'http:public';
/** Marks a public route in the API document while it is made. */
export const PUBLIC_OPERATION = 'x-public';
export const REQUIRED_ROLES = 'http:roles';

/** Lets everyone in. Every route without it needs a valid access token. */
export const Public = () => applyDecorators(SetMetadata(PUBLIC_ROUTE, true), ApiExtension(PUBLIC_OPERATION, true));

/** Lets in those who have at least one of the roles. */
export const Roles = (...roles: readonly Role[]) => SetMetadata(REQUIRED_ROLES, roles);

/** A request once the access-token guard has let it pass. */
export interface AuthenticatedRequest {
  readonly user: Principal;
}

/** The verified caller; only on routes that are not public. */
export const CurrentPrincipal = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal => context.switchToHttp().getRequest<AuthenticatedRequest>().user,
);
