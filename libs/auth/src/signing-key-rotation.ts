import { AuthEventLog } from '@app/sessions';
import { Inject, Injectable } from '@nestjs/common';
import { AUTH_OPTIONS, type AuthOptions } from './auth.options.js';
import { SigningKeyRepository } from './postgres/index.js';
import type { SigningKeyStanding } from './signing-key-standing.js';
import { generateSigningKey } from './signing-key.js';
import { SigningKeyNotFoundError } from './signing-keys.errors.js';
import { SigningKeys } from './signing-keys.js';

export interface Rotation {
  /** The key that signs next. */
  readonly key: SigningKeyStanding;
  /** False when an earlier rotation made it, which is not over yet. */
  readonly made: boolean;
}

/** Who changes a key, and from where; the command line is nobody. */
export interface ActionBy {
  readonly actorId?: string;
  readonly ip?: string;
}

/** Changes keys for all instances: each change is one transaction that has the keys to itself. */
@Injectable()
export class SigningKeyRotation {
  constructor(
    private readonly repository: SigningKeyRepository,
    private readonly keys: SigningKeys,
    private readonly events: AuthEventLog,
    @Inject(AUTH_OPTIONS) private readonly options: Pick<AuthOptions, 'secret' | 'keyPropagationMs'>,
  ) {}

  /** Newest first; those that nothing needs any more are left out. */
  async list(): Promise<SigningKeyStanding[]> {
    return (await this.repository.all()).filter(({ gone }) => !gone);
  }

  /**
   * Makes the key that will sign once everybody has had time to learn of it. Until then rotating again changes
   * nothing and gives the same key, so any number of rotations at once are one.
   */
  async rotate(by: ActionBy = {}): Promise<Rotation> {
    const rotation = await this.repository.change(async (keys) => {
      await keys.removeGone();
      const pending = (await keys.standings()).find(isPending);
      if (pending !== undefined) return { key: pending, made: false };
      const key = await generateSigningKey(this.options.secret);
      await keys.add(key, this.options.keyPropagationMs);
      return { key: standingOf(key.kid, await keys.standings()), made: true };
    });
    await this.keys.refresh();
    if (rotation.made) await this.note('signing_key.rotated', rotation.key.kid, by);
    return rotation;
  }

  /**
   * Ends a key at once: its tokens are refused here before this resolves, elsewhere within a second. If it was the
   * one that signs, its successor signs from now on: the key of a rotation under way, or a new one. Revoking again
   * changes nothing.
   *
   * @throws {SigningKeyNotFoundError}
   */
  async revoke(kid: string, by: ActionBy = {}): Promise<void> {
    await this.repository.change(async (keys) => {
      await keys.removeGone();
      const all = await keys.standings();
      const { state, current } = standingOf(kid, all);
      if (state === 'revoked') return;
      await keys.revoke(kid);
      if (!current) return;
      const pending = all.find(isPending);
      if (pending === undefined) await keys.add(await generateSigningKey(this.options.secret), 0);
      else await keys.activateNow(pending.kid);
    });
    await this.keys.refresh();
    await this.note('signing_key.revoked', kid, by);
  }

  private note(kind: 'signing_key.rotated' | 'signing_key.revoked', kid: string, by: ActionBy): Promise<void> {
    return this.events.record([{ kind, ...by, detail: { kid } }]);
  }
}

function isPending({ state, current }: SigningKeyStanding): boolean {
  return state === 'active' && !current;
}

function standingOf(kid: string, all: readonly SigningKeyStanding[]): SigningKeyStanding {
  const found = all.find((standing) => standing.kid === kid);
  if (found === undefined) throw new SigningKeyNotFoundError();
  return found;
}
