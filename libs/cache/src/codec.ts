/** How values become bytes for the store, and objects for callers. */
export interface Codec<Value> {
  encode(value: Value): Buffer;
  /** What all callers share. */
  decode(bytes: Buffer): Value;
  /** Roughly the memory that a decoded value takes, of so many bytes. */
  sizeOf(bytes: Buffer): number;
  /** False where the bytes are compressed already. */
  readonly compressible: boolean;
}

/** Values that survive JSON; whoever gets one gets the same object as everybody else, and cannot change it. */
export const jsonCodec: Codec<unknown> = {
  encode: (value) => Buffer.from(JSON.stringify(value)),
  decode: (bytes) => deepFreeze(JSON.parse(bytes.toString('utf8'))),
  // Objects of short texts and numbers take about three times their JSON.
  sizeOf: ({ length }) => length * 3,
  compressible: true,
};

function deepFreeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}
