import { isIP } from 'node:net';
import { z } from 'zod';

const SECONDS_PER_UNIT = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const BYTES_PER_UNIT = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 } as const;

/** Seconds as a plain number, or `90s`, `15m`, `12h`, `14d`. Gives milliseconds. */
export const durationMs = z
  .string()
  .regex(/^\d+(\.\d+)?[smhd]?$/)
  .transform((text) => {
    const unit = text.at(-1) as keyof typeof SECONDS_PER_UNIT;
    return Number.parseFloat(text) * 1000 * (SECONDS_PER_UNIT[unit] ?? 1);
  })
  .pipe(z.number());

/** A duration in which something can live: at least a second. */
export const lifetimeMs = durationMs.pipe(z.number().min(1000));

/** Bytes as a plain number, or `512kb`, `64mb`, `1gb`. */
export const sizeBytes = z
  .string()
  .toLowerCase()
  .regex(/^\d+(b|kb|mb|gb)?$/)
  .transform((text) => {
    const unit = /[a-z]+$/.exec(text)?.[0] as keyof typeof BYTES_PER_UNIT | undefined;
    return Number.parseInt(text, 10) * (unit === undefined ? 1 : BYTES_PER_UNIT[unit]);
  })
  .pipe(z.int().min(1));

export const flag = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');

export const whole = (min: number, max: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(min).max(max));

export const positive = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .transform(Number)
  .pipe(z.number().positive());

export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
);

/** An address, or a range of addresses in CIDR notation. */
export const addressRange = z.string().refine((text) => {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || isWhole(prefix, 1, version === 4 ? 32 : 128);
});

/** Scheme, host and port as browsers send them in `Origin`: no path, not even a slash. */
export const origin = z
  .string()
  .refine((text) => /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text);

/** A host name without scheme and port. */
export const domain = z.string().regex(/^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/);

/** A web address that paths are added to. Gives it without a slash at its end. */
export const publicAddress = z
  .string()
  .refine((text) => /^https?:/.test(text) && URL.canParse(text) && !/[?#\s]/.test(text))
  .transform((text) => text.replace(/\/+$/, ''));

/** `name@host`, or `Name <name@host>`. */
export const mailbox = z
  .string()
  .refine((text) => /^([^<>\r\n]*<)?[^\s<>@]+@[^\s<>@]+>?$/.test(text) && text.includes('<') === text.includes('>'));

/** The forms of `REDIS_ADDR`. */
export const redisAddress = z.string().refine((text) => {
  if (/^rediss?:\/\/\S+$/.test(text)) return URL.canParse(text);
  const [, sentinels] = /^redis\+sentinel:\/\/([^/]+)(?:\/[^\s/]+)?$/.exec(text) ?? [];
  const hosts = sentinels ?? text.replace(/^redis\+cluster:\/\//, '');
  return hosts.split(',').every(isHostPort);
});

function isHostPort(text: string): boolean {
  const [, port = ''] = /^[^\s:/]+:(.*)$/.exec(text) ?? [];
  return isWhole(port, 1, 65_535);
}

function isWhole(text: string, min: number, max: number): boolean {
  return /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max;
}
