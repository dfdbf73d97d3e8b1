import type { SuiteContext } from '../suite.ts';
import { describeMachine } from './machine.ts';

/** What the numbers of a suite depend on, one line each. */
export function describeConditions({ options, launch, generator }: SuiteContext, ...more: string[]): string[] {
  return [
    ...describeMachine(),
    `Generator: ${generator.description}, ${options.connections} connections kept busy`,
    `Pinning: ${launch.pinning.description}`,
    `Rounds: ${options.rounds} of ${options.seconds} s each, interleaved, after a warm-up of ${options.warmupSeconds} s each`,
    ...more,
  ];
}
