import type { AuthenticatedRequest } from '@app/http';
import { Injectable, UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { RecentAuthenticationCheck } from '../recent-authentication.js';

@Injectable()
class RecentAuthenticationGuard implements CanActivate {
  constructor(private readonly check: RecentAuthenticationCheck) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await this.check.assertRecent(context.switchToHttp().getRequest<AuthenticatedRequest>().user);
    return true;
  }
}

/** A route for somebody who gave the password, or a code, not long ago: a session left open is not enough. */
export const RecentAuthentication = () => UseGuards(RecentAuthenticationGuard);
