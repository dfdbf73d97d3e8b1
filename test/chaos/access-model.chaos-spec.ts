import { Arena } from './support/arena.js';
import { extent, FULL } from './support/extent.js';
import type { AccessMode } from './support/session-instance.js';
import type { Findings } from './support/session-model.js';

const CHECKS = extent(50_000, 1000);
/** In the short form a twin stops as soon as it has found something. */
const TWIN_CHECKS = 20_000;
const TIMEOUT_MS = extent(1_800_000, 120_000);

/** Says what was found, for people who read the output of the tests. */
const say = (what: string, findings: Findings) => process.stdout.write(`${what}: ${JSON.stringify(findings)}\n`);

let arena: Arena;

async function expectFindings(what: string, seed: number): Promise<void> {
  const findings = await arena.run(TWIN_CHECKS, seed, ({ acceptedRevoked }) => !FULL && acceptedRevoked > 0);
  say(what, findings);
  expect(findings.acceptedRevoked).toBeGreaterThan(0);
}

afterEach(() => arena.close());

describe.each<AccessMode>(['strict, redis', 'strict, memory', 'streamed'])('two instances (%s)', (mode) => {
  it(
    `accept no revoked token and lose no session, in ${CHECKS} questions`,
    async () => {
      arena = await Arena.open(mode);
      const findings = await arena.run(CHECKS, 20_261_123);
      say(mode, findings);
      expect(findings).toMatchObject({ acceptedRevoked: 0, lostSessions: 0 });
      expect(findings.checks).toBeGreaterThanOrEqual(CHECKS);
      expect(findings.refusals).toBeGreaterThan(CHECKS / 20);
      expect(findings.unanswered).toBeLessThan(CHECKS / 20);
      expect(findings.restarts).toBeGreaterThan(CHECKS / 2000);
    },
    TIMEOUT_MS,
  );
});

describe('the same questions find revoked tokens accepted', () => {
  it(
    'when a fill needs no lease from before its reading',
    async () => {
      arena = await Arena.open('strict, redis', ({ blacklist }) => {
        const [lease, fill] = [blacklist.lease.bind(blacklist), blacklist.fill.bind(blacklist)];
        blacklist.lease = async () => ({ nonce: 'none' });
        blacklist.fill = async (of, _none, standing) => {
          const late = await lease(of);
          return late !== undefined && fill(of, late, standing);
        };
      });
      await expectFindings('without the lease', 1);
    },
    TIMEOUT_MS,
  );

  it(
    'when a failed write does not rename the projection',
    async () => {
      arena = await Arena.open('strict, redis', ({ log }) => {
        const append = log.append.bind(log);
        log.append = (tx, target) => append(tx, target, false);
        log.rename = async () => ({ seq: 0, generation: 0 });
      });
      await expectFindings('without the new generation', 2);
    },
    TIMEOUT_MS,
  );

  it(
    'when a revocation does not wait for the other instances to know of it',
    async () => {
      arena = await Arena.open('streamed', ({ log }) => {
        log.isAwaited = async () => false;
      });
      await expectFindings('without the acknowledgements', 3);
    },
    TIMEOUT_MS,
  );
});
