import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { availableParallelism, cpus, loadavg, release, totalmem, type as osType } from 'node:os';

/** What the numbers depend on: hardware, load before the start, versions. */
export function describeMachine(): string[] {
  const cpu = cpus()[0]?.model.trim() ?? 'unknown cpu';
  const memory = (totalmem() / 2 ** 30).toFixed(1);
  return [
    `Machine: ${cpu}, ${availableParallelism()} cores, ${memory} GiB, ${osType()} ${release()}`,
    `Load average before the start: ${loadavg()[0]!.toFixed(2)}`,
    `Versions: node ${process.versions.node}, nest ${version('@nestjs/core')}, fastify ${version('fastify')}, express ${version('express')}`,
  ];
}

function version(name: string): string {
  const file = findPackageJSON(name, import.meta.url);
  if (file === undefined) return 'not installed';
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
