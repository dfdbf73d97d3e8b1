// Takes a name of CACHES, seconds and readers on the command line; prints a LoadResult of hits.
import { CACHES } from './caches.mjs';
import { KEYS, valueOf } from './values.mjs';

const [name, seconds, readers] = process.argv.slice(2);
const read = await CACHES[name]();
const lookAtClockEvery = 64;

for (let index = 0; index < KEYS; index += 1) {
  const value = await read(index);
  // Once before it counts: what is read is what was stored. Bytes are as long as their JSON.
  const found = Buffer.isBuffer(value) || value.bytes !== undefined ? JSON.parse(String(value.bytes ?? value)) : value;
  if (found?.id !== valueOf(index).id) throw new Error(`${name} gives ${JSON.stringify(value)} for ${index}`);
}
await run(1000);
const startedAt = performance.now();
const requests = await run(Number(seconds) * 1000);
const durationSeconds = (performance.now() - startedAt) / 1000;
process.stdout.write(
  JSON.stringify({ requests, durationSeconds, bytes: 0, p50Ms: 0, p99Ms: 0, failures: 0, generatorBusy: 0 }),
);
process.exit();

/** So many readers, each with one read at a time. */
async function run(ms) {
  const until = performance.now() + ms;
  const counts = await Promise.all(Array.from({ length: Number(readers) }, (_, reader) => readUntil(until, reader)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function readUntil(until, reader) {
  let index = (reader * 31) % KEYS;
  for (let count = 0; ;) {
    for (let step = 0; step < lookAtClockEvery; step += 1) {
      await read(index);
      index = (index + 1) % KEYS;
    }
    count += lookAtClockEvery;
    if (performance.now() >= until) return count;
  }
}
