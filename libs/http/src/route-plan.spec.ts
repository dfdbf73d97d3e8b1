import { Public, Roles, Unlimited } from './access.decorators.js';

const planOf = (method: object) =>
  (Reflect.getMetadata('__fastify_route_config__', method) as { plan: unknown } | undefined)?.plan;

describe('the plan of a route', () => {
  it('is put together from its decorators', () => {
    class Controller {
      @Public()
      @Unlimited()
      open() {}

      @Roles('admin')
      closed() {}

      plain() {}
    }
    const { open, closed, plain } = Controller.prototype;
    expect(planOf(open)).toEqual({ isPublic: true, isUnlimited: true });
    expect(planOf(closed)).toEqual({ roles: ['admin'] });
    expect(planOf(plain)).toBeUndefined();
  });

  it('has what its controller says, unless it says otherwise', () => {
    @Unlimited()
    @Roles('admin')
    class Controller {
      @Roles('teacher')
      own() {}

      inherited() {}
    }
    const { own, inherited } = Controller.prototype;
    expect(planOf(own)).toEqual({ roles: ['teacher'], isUnlimited: true });
    expect(planOf(inherited)).toEqual({ roles: ['admin'], isUnlimited: true });
  });
});
