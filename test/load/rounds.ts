import type { Contestant, Load } from './contestant.ts';
import { measure, type Measurement } from './measure.ts';
import { percent } from './report/percent.ts';

/** A contestant and what each round measured of it. */
export interface Series {
  readonly name: string;
  readonly results: readonly Measurement[];
}

export interface Rounds {
  readonly rounds: number;
  readonly warmupSeconds: number;
  readonly load: Load;
}

/** Warms every contestant up, then measures them in turn, round by round: what slows the machine slows them all. */
export async function runRounds(
  contestants: readonly Contestant[],
  { rounds, warmupSeconds, load }: Rounds,
): Promise<Series[]> {
  const results = contestants.map((): Measurement[] => []);
  for (const contestant of contestants) await measure(contestant, { ...load, seconds: warmupSeconds });
  for (let round = 1; round <= rounds; round += 1) {
    for (const [index, contestant] of contestants.entries()) {
      const result = await measure(contestant, load);
      results[index]!.push(result);
      process.stdout.write(`round ${round}  ${contestant.name.padEnd(30)} ${describe(result)}\n`);
    }
  }
  return contestants.map(({ name }, index) => ({ name, results: results[index]! }));
}

function describe({ requests, durationSeconds, serverBusy, generatorBusy }: Measurement): string {
  const rate = Math.round(requests / durationSeconds);
  return `${String(rate).padStart(6)} requests/s, server ${percent(serverBusy)} busy, generator ${percent(generatorBusy)}`;
}
