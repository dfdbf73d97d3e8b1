interface Header {
  readonly description: string;
  readonly schema: { readonly type: 'string' | 'integer'; readonly example: string | number };
}

const text = (description: string, example: string): Header => ({ description, schema: { type: 'string', example } });
const whole = (description: string, example: number): Header => ({
  description,
  schema: { type: 'integer', example },
});

/** Response headers worth naming, as `components.headers`. */
export const HEADERS = {
  'X-Request-Id': text('Names this request in the logs.', '4b4f1a52-6c8e-4f2e-8a51-0c8d6c1f9a10'),
  RateLimit: text('Requests left, and seconds until all are back.', '"default";r=118;t=1'),
  'RateLimit-Policy': text('Requests allowed, and in how many seconds.', '"default";q=120;w=2'),
  'Retry-After': whole('Seconds to wait before trying again.', 1),
  'WWW-Authenticate': text('How to authenticate (RFC 6750).', 'Bearer'),
  ETag: text('Version of this answer, for `If-None-Match`.', '"hUzrOlSF4zP-1H0vGVJ4jJ1QnVY"'),
  Age: whole('Seconds since the answer was stored.', 12),
  'Content-Disposition': text('The name of a file (RFC 6266), for CSV.', 'attachment; filename="answer.csv"'),
  'Cache-Status': text('Whether the answer was stored (RFC 9211).', 'mockingbird; hit'),
} as const satisfies Record<string, Header>;

export type HeaderName = keyof typeof HEADERS;

/** The headers of a response, by reference. */
export function headersOf(names: readonly HeaderName[]): Record<string, { $ref: string }> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

export const IF_NONE_MATCH = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: '`ETag` of the answer you have: 304 when it is current.',
  schema: { type: 'string', example: '"hUzrOlSF4zP-1H0vGVJ4jJ1QnVY"' },
} as const;
