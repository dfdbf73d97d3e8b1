import fs from 'node:fs';

/** What the process writes to its standard output and error, which is where the log goes. */
export class CapturedLog {
  private written = '';
  private readonly replaced: (() => void)[];

  private constructor() {
    const writeSync = fs.writeSync as (...args: unknown[]) => number;
    const toFile = (fd: unknown, data: unknown, ...rest: unknown[]) =>
      fd === 1 || fd === 2 ? this.add(data) : writeSync(fd, data, ...rest);
    this.replaced = [replace(fs, 'writeSync', toFile)];
    for (const stream of [process.stdout, process.stderr]) {
      this.replaced.push(replace(stream, 'write', (data: unknown) => this.add(data) >= 0));
    }
  }

  static start(): CapturedLog {
    return new CapturedLog();
  }

  /** What was written so far. */
  get text(): string {
    return this.written;
  }

  /** Gives everything back to the terminal; answers what was written in between. */
  stop(): string {
    for (const restore of this.replaced) restore();
    return this.written;
  }

  private add(data: unknown): number {
    const text = typeof data === 'string' ? data : Buffer.from(data as Uint8Array).toString('utf8');
    this.written += text;
    return Buffer.byteLength(text);
  }
}

function replace<Target extends object>(target: Target, name: keyof Target, value: unknown): () => void {
  const original = target[name];
  Object.assign(target, { [name]: value });
  return () => void Object.assign(target, { [name]: original });
}
