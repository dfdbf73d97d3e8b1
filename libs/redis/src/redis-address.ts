/** Where Redis is, as `REDIS_ADDR` says it. */
export type RedisAddress =
  | { readonly kind: 'single'; readonly url: string }
  | { readonly kind: 'sentinel'; readonly nodes: readonly HostPort[]; readonly master: string }
  | { readonly kind: 'cluster'; readonly nodes: readonly HostPort[] };

interface HostPort {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `host:port`, a `redis://` or `rediss://` URL, `redis+sentinel://host:port,…/master`,
 * `redis+cluster://host:port,…`, or several `host:port` with commas (a cluster).
 */
export function parseRedisAddress(text: string): RedisAddress {
  if (/^rediss?:\/\//.test(text)) return { kind: 'single', url: text };
  const [, scheme, hosts = '', master = 'mymaster'] =
    /^(?:redis\+(sentinel|cluster):\/\/)?([^/]+)(?:\/(.+))?$/.exec(text) ?? [];
  const nodes = hosts.split(',').map(parseHostPort);
  if (scheme === 'sentinel') return { kind: 'sentinel', nodes, master };
  if (scheme === 'cluster' || nodes.length > 1) return { kind: 'cluster', nodes };
  return { kind: 'single', url: `redis://${hosts}` };
}

function parseHostPort(text: string): HostPort {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}
