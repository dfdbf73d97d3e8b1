import { routePlanOf, type AuthenticatedRequest, type RequestStep } from '@app/http';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RoleRequiredError } from '../auth.errors.js';

/** Asks for one of the roles that `@Roles()` names, unless the route is `@Public()`. */
@Injectable()
export class RolesStep implements RequestStep {
  take(request: FastifyRequest): undefined {
    const { roles, isPublic } = routePlanOf(request);
    if (roles === undefined || isPublic) return;
    const { user } = request as FastifyRequest & AuthenticatedRequest;
    if (!user.roles.some((role) => roles.includes(role))) throw new RoleRequiredError();
  }
}
