import fs from 'node:fs';

/** What the process writes to its standard output and error, which is where the log goes. */
export class CapturedLog {
  private text = '';
  private readonly originals = { writeSync: fs.writeSync, out: process.stdout.write, err: process.stderr.write };

  private constructor() {
    const { writeSync } = this.originals;
    fs.writeSync = ((fd: number, data: unknown, ...rest: unknown[]) => {
      if (fd !== 1 && fd !== 2) return (writeSync as (...args: unknown[]) => number)(fd, data, ...rest);
      return this.add(data);
    }) as never;
    for (const stream of [process.stdout, process.stderr]) {
      stream.write = ((data: unknown) => this.add(data) >= 0) as never;
    }
  }

  static start(): CapturedLog {
    return new CapturedLog();
  }

  /** Gives everything back to the terminal; answers what was written in between. */
  stop(): string {
    fs.writeSync = this.originals.writeSync;
    process.stdout.write = this.originals.out;
    process.stderr.write = this.originals.err;
    return this.text;
  }

  private add(data: unknown): number {
    const text = typeof data === 'string' ? data : Buffer.from(data as Uint8Array).toString('utf8');
    this.text += text;
    return Buffer.byteLength(text);
  }
}
