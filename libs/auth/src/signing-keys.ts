import { UnavailableError } from '@app/errors';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { Subject } from 'rxjs';
import { AUTH_OPTIONS, type AuthOptions } from './auth.options.js';
import { SigningKeyRepository } from './postgres/index.js';
import { SharedRuns } from './shared-runs.js';
import type { SigningKeyStanding } from './signing-key-standing.js';
import { generateSigningKey, openSigningKey, type SigningKey, type StoredSigningKey } from './signing-key.js';

/** With the time of a query, the longest that a revocation or a new key goes unnoticed here. */
const POLL_EVERY_MS = 250;
/** Unknown key ids make it look more often, but no more than this, whoever sends how many. */
const SPACE_MS = 100;
/** What the column holds: 68 years. */
const MAX_TTL_SECONDS = 2 ** 31 - 1;

/**
 * The keys access tokens are signed and verified with, as the database had them at most a moment ago. While the
 * database does not answer, the keys known last stay: sessions are checked elsewhere, and nobody is logged out by a
 * fault.
 */
@Injectable()
export class SigningKeys implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SigningKeys.name);
  private readonly known = new Map<string, SigningKey>();
  private signer: SigningKey | undefined;
  private readonly refreshes = new SharedRuns(() => this.load(), SPACE_MS);
  private timer: NodeJS.Timeout | undefined;
  private failing = false;
  private readonly withdrawn = new Subject<string>();
  /** Ids of keys whose tokens are not good any more. */
  readonly withdrawn$ = this.withdrawn.asObservable();

  constructor(
    private readonly repository: SigningKeyRepository,
    @Inject(AUTH_OPTIONS) private readonly options: Pick<AuthOptions, 'secret' | 'accessTtlMs'>,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.prepare();
    await this.refresh();
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.poll(), POLL_EVERY_MS).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /**
   * The key to sign with.
   *
   * @throws {UnavailableError} in the moment after it was revoked, while its successor is being loaded
   */
  current(): SigningKey {
    if (this.signer === undefined) throw new UnavailableError('signing_keys');
    return this.signer;
  }

  /** Whether tokens signed with a key are good. Costs a look-up in a map. */
  trusts(kid: string): boolean {
    return this.known.has(kid);
  }

  /**
   * Undefined for a key id that is not in the database either. Asking for many unknown ones waits, together, for one
   * look into it.
   *
   * @throws {UnavailableError} for an unknown one while the database does not answer
   */
  async find(kid: string): Promise<SigningKey | undefined> {
    if (!this.known.has(kid)) await this.refresh();
    return this.known.get(kid);
  }

  /** Every trusted key, also one that does not sign yet. */
  trusted(): SigningKey[] {
    return [...this.known.values()];
  }

  /** Takes over what the database says now. */
  refresh(): Promise<void> {
    return this.refreshes.join();
  }

  /** Makes the first key of an installation, and sees to it that keys outlive the tokens this instance will sign. */
  private async prepare(): Promise<void> {
    const { secret, accessTtlMs } = this.options;
    await this.repository.change(async (keys) => {
      const exists = (await keys.standings()).some(({ current }) => current);
      if (!exists) await keys.add(await generateSigningKey(secret), 0);
      await keys.allowTokenTtl(Math.min(Math.ceil(accessTtlMs / 1000), MAX_TTL_SECONDS));
    });
  }

  private async poll(): Promise<void> {
    try {
      await this.refresh();
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn(`Signing keys stay as they are: ${(error as Error).message}`);
      this.failing = true;
    }
  }

  private async load(): Promise<void> {
    let standings = await this.repository.trusted();
    if (standings.length === 0) {
      await this.prepare();
      standings = await this.repository.trusted();
    }
    // Withdrawn first: no trouble with a new key may keep a revoked one in force.
    this.withdraw(standings);
    const unknown = standings.flatMap(({ kid }) => (this.known.has(kid) ? [] : [kid]));
    const stored = unknown.length === 0 ? [] : await this.repository.load(unknown);
    for (const key of stored) this.known.set(key.kid, this.open(key));
    const current = standings.find((standing) => standing.current)?.kid ?? '';
    this.signer = this.known.get(current) ?? this.signer;
  }

  private withdraw(standings: readonly SigningKeyStanding[]): void {
    const trusted = new Set(standings.map(({ kid }) => kid));
    for (const kid of this.known.keys()) {
      if (trusted.has(kid)) continue;
      this.known.delete(kid);
      if (this.signer?.kid === kid) this.signer = undefined;
      this.withdrawn.next(kid);
    }
  }

  private open(key: StoredSigningKey): SigningKey {
    try {
      return openSigningKey(this.options.secret, key);
    } catch (error) {
      throw new Error('AUTH_SECRET is not the one this database was set up with.', { cause: error });
    }
  }
}
