import fc, { type Scheduler } from 'fast-check';
import { Redis } from 'ioredis';
import { freshDatabase, type FreshDatabase } from '../support/fresh-database.js';
import { RedisServer } from '../support/redis-server.js';
import { Disturbance, type WriteFault } from './support/disturbance.js';
import { extent } from './support/extent.js';
import { startSessionInstance, type AccessMode, type SessionInstance } from './support/session-instance.js';
import { noFindings, SessionModel, type Findings } from './support/session-model.js';

const CHECKS = extent(50_000, 3000);
const TWIN_CHECKS = extent(20_000, 3000);
const SESSIONS = 3;
const OPERATIONS = 40;
const TIMEOUT_MS = extent(1_200_000, 120_000);

type Operation =
  | { readonly do: 'check' | 'refresh' | 'logout'; readonly on: number; readonly session: number }
  | { readonly do: 'logoutEverywhere' | 'login'; readonly on: number }
  | { readonly do: 'flush' | 'evict' }
  | { readonly do: 'fail'; readonly on: number; readonly how: WriteFault };

const instance = fc.integer({ min: 0, max: 1 });
const session = fc.integer({ min: 0, max: SESSIONS });
const delay = fc.constantFrom(0, 0, 0, 0, 0, 0, 2, 8);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 24, arbitrary: fc.record({ do: fc.constant('check' as const), on: instance, session }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('refresh' as const), on: instance, session }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('logout' as const), on: instance, session }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('logoutEverywhere' as const), on: instance }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('login' as const), on: instance }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('flush' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('evict' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fail' as const),
      on: instance,
      how: fc.constantFrom('not sent' as const, 'reply lost' as const),
    }),
  },
);

interface Round {
  readonly scheduler: Scheduler;
  readonly operations: readonly Operation[];
  readonly delays: Iterator<number>;
}

/** Two instances on one Redis and one Postgres, and what disturbs them. */
class Arena {
  private constructor(
    private readonly mode: AccessMode,
    private readonly redis: RedisServer,
    private readonly database: FreshDatabase,
    private readonly client: Redis,
    readonly instances: readonly [SessionInstance, SessionInstance],
    private readonly disturbances: readonly Disturbance[],
  ) {}

  static async open(mode: AccessMode): Promise<Arena> {
    const redis = await RedisServer.start();
    const database = await freshDatabase();
    const servers = { databaseUrl: database.url, redisAddr: redis.addr };
    const instances = [await startSessionInstance(mode, servers), await startSessionInstance(mode, servers)] as const;
    const disturbances = instances.map((each) => new Disturbance(each));
    return new Arena(mode, redis, database, new Redis(`redis://${redis.addr}`), instances, disturbances);
  }

  async close(): Promise<void> {
    for (const { context } of this.instances) await context.close();
    this.client.disconnect();
    await this.redis.stop();
    await this.database.drop();
  }

  /** Runs rounds of operations in orders that a scheduler makes up, until so many questions were asked. */
  async run(checks: number, seed: number): Promise<Findings> {
    const findings = noFindings();
    for (let round = 0; findings.checks < checks; round += 1) {
      const property = fc.asyncProperty(
        fc.scheduler(),
        fc.array(operation, { minLength: OPERATIONS, maxLength: OPERATIONS }),
        fc.infiniteStream(delay, { noHistory: true }),
        (scheduler, operations, delays) => this.round({ scheduler, operations, delays }, findings),
      );
      // Shrinking says little where servers take part.
      await fc.assert(property, { numRuns: 1, seed: seed + round, endOnFailure: true, includeErrorInReport: true });
    }
    return findings;
  }

  private async round({ scheduler, operations, delays }: Round, findings: Findings): Promise<void> {
    const model = await SessionModel.create(this.instances[0], SESSIONS, findings);
    for (const disturbance of this.disturbances) disturbance.begin(scheduler, delays);
    try {
      const all = operations.map(async (each) => {
        await scheduler.schedule(Promise.resolve(), each.do);
        await this.perform(each, model);
      });
      await scheduler.waitFor(Promise.all(all));
      for (const disturbance of this.disturbances) disturbance.end();
      for (let which = 0; which <= SESSIONS; which += 1) {
        for (const each of this.instances) await model.check(each, which);
      }
    } finally {
      for (const disturbance of this.disturbances) disturbance.end();
    }
  }

  private async perform(each: Operation, model: SessionModel): Promise<void> {
    switch (each.do) {
      case 'flush':
        await this.client.flushall();
        return;
      case 'evict': {
        const victim = await this.client.randomkey();
        if (victim !== null) await this.client.del(victim);
        return;
      }
      case 'fail':
        // The memory of a process does not fail.
        if (this.mode === 'strict, redis') this.disturbances[each.on]?.failNextWrite(each.how);
        return;
      case 'login':
      case 'logoutEverywhere':
        await model[each.do](this.at(each.on));
        return;
      case 'check':
      case 'refresh':
      case 'logout':
        await model[each.do](this.at(each.on), each.session);
    }
  }

  private at(index: number): SessionInstance {
    return this.instances[index] as SessionInstance;
  }
}

/** Says what was found, for people who read the output of the tests. */
const say = (what: string, findings: Findings) => process.stdout.write(`${what}: ${JSON.stringify(findings)}\n`);

describe.each<AccessMode>(['strict, redis', 'strict, memory', 'streamed'])('two instances (%s)', (mode) => {
  let arena: Arena;
  beforeAll(async () => {
    arena = await Arena.open(mode);
  });
  afterAll(() => arena.close());

  it(
    `accept no revoked token and lose no session, in ${CHECKS} questions`,
    async () => {
      const findings = await arena.run(CHECKS, 20_261_123);
      say(mode, findings);
      expect(findings).toMatchObject({ acceptedRevoked: 0, lostSessions: 0 });
      expect(findings.checks).toBeGreaterThanOrEqual(CHECKS);
      expect(findings.refusals).toBeGreaterThan(CHECKS / 20);
    },
    TIMEOUT_MS,
  );
});

describe('the same questions find revoked tokens accepted', () => {
  let arena: Arena;
  afterEach(() => arena.close());

  it(
    'when a fill needs no lease from before its reading',
    async () => {
      arena = await Arena.open('strict, redis');
      for (const { blacklist } of arena.instances) {
        const [lease, fill] = [blacklist.lease.bind(blacklist), blacklist.fill.bind(blacklist)];
        blacklist.lease = async () => ({ nonce: 'none' });
        blacklist.fill = async (of, _none, standing) => {
          const late = await lease(of);
          return late !== undefined && fill(of, late, standing);
        };
      }
      const findings = await arena.run(TWIN_CHECKS, 1);
      say('without the lease', findings);
      expect(findings.acceptedRevoked).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );

  it(
    'when a failed write does not rename the projection',
    async () => {
      arena = await Arena.open('strict, redis');
      for (const { log } of arena.instances) {
        const append = log.append.bind(log);
        log.append = (tx, target) => append(tx, target, false);
        log.rename = async () => ({ seq: 0, generation: 0 });
      }
      const findings = await arena.run(TWIN_CHECKS, 2);
      say('without the new generation', findings);
      expect(findings.acceptedRevoked).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );

  it(
    'when a revocation does not wait for the other instances to know of it',
    async () => {
      arena = await Arena.open('streamed');
      for (const { log } of arena.instances) log.isAwaited = async () => false;
      const findings = await arena.run(TWIN_CHECKS, 3);
      say('without the acknowledgements', findings);
      expect(findings.acceptedRevoked).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});
