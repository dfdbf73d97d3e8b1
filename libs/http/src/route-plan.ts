import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { Role } from './principal.js';

/**
 * What a request's way to its handler depends on. Put together from the decorators of a route when it is registered,
 * so that a request looks at one object. Libraries add members of their own.
 */
export interface RoutePlan {
  /** Lets everyone in; every other route needs a valid access token. */
  readonly isPublic?: true;
  /** Of these one is needed. */
  readonly roles?: readonly Role[];
  /** Takes no token from any bucket. */
  readonly isUnlimited?: true;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    plan?: RoutePlan;
  }
}

const PLAN = Symbol('plan of a route');
const EVERYBODY_ELSE: RoutePlan = {};

/** Of a request that a route was found for. */
export function routePlanOf(request: FastifyRequest): RoutePlan {
  return request.routeOptions.config.plan ?? EVERYBODY_ELSE;
}

/** Adds to the plan of a route, or of all routes of a controller; what a route says itself goes first. */
export function planRoute(part: RoutePlan): ClassDecorator & MethodDecorator {
  return (target: object, _name?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (descriptor !== undefined) {
      extend(descriptor.value as object, (plan) => ({ ...plan, ...part }));
      return;
    }
    const { prototype } = target as { readonly prototype: object };
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(prototype))) {
      if (typeof value === 'function' && value !== target) extend(value, (plan) => ({ ...part, ...plan }));
    }
  };
}

function extend(handler: object, change: (plan: RoutePlan) => RoutePlan): void {
  const plan = change((Reflect.getOwnMetadata(PLAN, handler) as RoutePlan | undefined) ?? {});
  Reflect.defineMetadata(PLAN, plan, handler);
  RouteConfig({ plan })(handler, '', { value: handler });
}
