import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually.js';

const MAIN = 'dist/apps/api/src/main.js';
const BUILD_RECORD = 'dist/api.tsbuildinfo';
const READY_WITHIN_MS = 90_000;

/** Builds the product the way `npm run build` does, unless what is built is newer than every source. */
export async function buildProduct(): Promise<void> {
  const [main, record] = await Promise.all([changedAt(MAIN), changedAt(BUILD_RECORD)]);
  if (main > 0 && record > (await newestSource())) return;
  await promisify(execFile)(join('node_modules', '.bin', 'nest'), ['build', 'api']);
}

async function newestSource(): Promise<number> {
  const times = ['apps', 'libs'].map(async (folder) => {
    const names = await readdir(folder, { recursive: true });
    const sources = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
    return Promise.all(sources.map((name) => changedAt(join(folder, name))));
  });
  return Math.max(...(await Promise.all(times)).flat());
}

async function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** The built product as a child process, seen as a person at a terminal sees it. */
export class BuiltProduct {
  private text = '';
  private readonly ended: Promise<unknown[]>;

  private constructor(private readonly child: ChildProcess) {
    this.ended = once(child, 'close');
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (this.text += String(chunk)));
  }

  /** Gets no environment but what is given, so that the defaults are what a new user has. */
  static launch(environment: Readonly<Record<string, string>>, program = MAIN): BuiltProduct {
    const env = { PATH: process.env['PATH'], ...environment };
    return new BuiltProduct(spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** Launches it and waits until it says that it is ready. */
  static async start(environment: Readonly<Record<string, string>>): Promise<BuiltProduct> {
    const product = BuiltProduct.launch(environment);
    await eventually(() => {
      if (product.child.exitCode === null && !product.text.includes('Ctrl-C stops it.')) throw new Error(product.text);
    }, READY_WITHIN_MS);
    if (product.child.exitCode !== null) throw new Error(`It ended: ${product.text}`);
    return product;
  }

  /** Everything it has written. */
  get output(): string {
    return this.text;
  }

  /** As it says itself, e.g. `http://localhost:40123`. */
  get url(): string {
    return /API\s+(http:\S+)\/api\/v1/.exec(this.text)?.[1] as string;
  }

  signal(name: NodeJS.Signals): void {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(name);
  }

  /** Its exit code once it has ended; null when a signal ended it. */
  async exitCode(): Promise<number | null> {
    await this.ended;
    return this.child.exitCode;
  }
}
