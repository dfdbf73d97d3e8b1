import { Clock } from '@app/clock';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { JWK } from 'jose';
import { AUTH_OPTIONS, type AuthOptions } from './auth.options.js';
import { SigningKeyRepository } from './postgres/index.js';
import { generateSigningKey, openSigningKey, type SigningKey, type StoredSigningKey } from './signing-key.js';

/** An unknown key id asks the database at most this often. */
const RELOAD_EVERY_MS = 1000;

/** The keys access tokens are signed and verified with, shared by all instances through the database. */
@Injectable()
export class SigningKeys implements OnModuleInit {
  private keys = new Map<string, SigningKey>();
  private published: readonly JWK[] = [];
  private loadedAt = 0;

  constructor(
    private readonly repository: SigningKeyRepository,
    private readonly clock: Clock,
    @Inject(AUTH_OPTIONS) private readonly options: Pick<AuthOptions, 'secret'>,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.repository.insertFirst(() => generateSigningKey(this.options.secret));
    await this.reload();
  }

  /** The newest key. */
  current(): SigningKey {
    const [newest] = this.keys.values();
    if (newest === undefined) throw new Error('There is no signing key');
    return newest;
  }

  /** Undefined for a key id this installation never had. */
  async find(kid: string): Promise<SigningKey | undefined> {
    const known = this.keys.get(kid);
    if (known !== undefined || this.clock.now() - this.loadedAt < RELOAD_EVERY_MS) return known;
    await this.reload();
    return this.keys.get(kid);
  }

  /** The public keys as a JSON Web Key Set (RFC 7517). */
  jwks(): { readonly keys: readonly JWK[] } {
    return { keys: this.published };
  }

  private async reload(): Promise<void> {
    this.loadedAt = this.clock.now();
    const stored = await this.repository.newestFirst();
    this.keys = new Map(stored.map((key) => [key.kid, this.open(key)]));
    this.published = stored.map(({ kid, publicJwk }) => ({ ...publicJwk, kid, alg: 'ES256', use: 'sig' }));
  }

  private open(key: StoredSigningKey): SigningKey {
    try {
      return openSigningKey(this.options.secret, key);
    } catch (error) {
      throw new Error('AUTH_SECRET is not the one this database was set up with.', { cause: error });
    }
  }
}
