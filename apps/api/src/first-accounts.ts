import { AccountsService } from '@app/auth';
import { SessionsService } from '@app/sessions';
import { UserDirectory, UsersService } from '@app/users';
import type { Role } from '@app/http';
import { Injectable } from '@nestjs/common';

interface DemoAccount {
  readonly role: Role;
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
}

/** Published in the README, so only on a machine nobody else can reach. */
export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  { role: 'learner', email: 'learner@example.com', password: 'learner-demo-2026', displayName: 'Demo Learner' },
  { role: 'teacher', email: 'teacher@example.com', password: 'teacher-demo-2026', displayName: 'Demo Teacher' },
  { role: 'admin', email: 'admin@example.com', password: 'admin-demo-2026', displayName: 'Demo Admin' },
];

/** Makes the accounts an installation starts with. */
@Injectable()
export class FirstAccounts {
  constructor(
    private readonly accounts: AccountsService,
    private readonly users: UsersService,
    private readonly directory: UserDirectory,
    private readonly sessions: SessionsService,
  ) {}

  /** Makes the demo accounts, or turns off those that exist. */
  async demo(wanted: boolean): Promise<void> {
    if (!wanted) {
      for (const id of await this.directory.activeDemoAccounts()) await this.disable(id);
      return;
    }
    await this.users.enableDemoAccounts();
    for (const { role, ...account } of DEMO_ACCOUNTS) {
      if ((await this.users.findByEmail(account.email)) === undefined)
        await this.accounts.create(account, { roles: [role], demo: true, emailVerified: true });
    }
  }

  /** So that the published password opens nothing, and nobody who used it stays. */
  private async disable(id: string): Promise<void> {
    await this.sessions.endAll(
      id,
      { reason: 'account_disabled' },
      { alongside: async (tx) => void (await this.directory.setStatus(tx, id, 'disabled')) },
    );
  }

  /** Makes the first admin unless the address has an account. */
  async admin({ email, password }: { readonly email: string; readonly password: string }): Promise<void> {
    if ((await this.users.findByEmail(email)) === undefined) {
      const account = { email, password, displayName: 'Administrator' };
      await this.accounts.create(account, { roles: ['admin'], emailVerified: true });
    }
  }
}
