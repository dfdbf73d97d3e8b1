import type { AuthenticatedRequest, RequestStep, RoutePlan, RouteStep } from '@app/http';
import { Injectable } from '@nestjs/common';
import { RoleRequiredError } from '../auth.errors.js';

/** Asks for one of the roles that `@Roles()` names, unless the route is `@Public()`. */
@Injectable()
export class RolesStep implements RequestStep {
  on({ roles, isPublic }: RoutePlan): RouteStep | undefined {
    if (roles === undefined || isPublic) return undefined;
    return (request) => {
      const { user } = request as typeof request & AuthenticatedRequest;
      if (!user.roles.some((role) => roles.includes(role))) throw new RoleRequiredError();
      return undefined;
    };
  }
}
