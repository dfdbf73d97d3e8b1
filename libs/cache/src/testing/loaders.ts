import { UnavailableError } from '@app/errors';

/** A loader that ends when it is told to. */
export function gatedLoader<Value>(value: Value) {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const loader = {
    calls: 0,
    started: begun.promise,
    finish: () => gate.resolve(),
    load: async () => {
      loader.calls += 1;
      begun.resolve();
      await gate.promise;
      return value;
    },
  };
  return loader;
}

/** A loader that counts, and gives the next value, or fails, each time. */
export function counting<Value>(...values: (Value | Error)[]) {
  const loader = {
    calls: 0,
    load: async (): Promise<Value> => {
      const value = values[Math.min(loader.calls, values.length - 1)] as Value | Error;
      loader.calls += 1;
      if (value instanceof Error) throw value;
      return value;
    },
  };
  return loader;
}

export const databaseAway = new Error('database is away');
export const out = async (): Promise<never> => {
  throw new UnavailableError('redis');
};
export const never = async (): Promise<never> => {
  throw new Error('must not be loaded');
};
/** Lets what goes on in the background end. */
export const settled = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

export const until = async (isSo: () => boolean) => {
  const deadline = performance.now() + 5000;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error('It never was so');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
