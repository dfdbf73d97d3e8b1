/** How a body is sent; `identity` as it is. */
export type ContentCoding = 'br' | 'gzip' | 'identity';

/** Different ones that clients send are few; whoever makes up more is answered all the same. */
const MAX_REMEMBERED = 200;
const remembered = new Map<string, ContentCoding>();

/**
 * The coding that `Accept-Encoding` asks for (RFC 9110, 12.5.3): of those it prefers most, the shortest. A client that
 * takes nothing we have gets the body as it is.
 */
export function negotiateCoding(acceptEncoding: string | undefined): ContentCoding {
  if (acceptEncoding === undefined) return 'identity';
  let coding = remembered.get(acceptEncoding);
  if (coding === undefined) {
    coding = choose(acceptEncoding);
    if (remembered.size < MAX_REMEMBERED) remembered.set(acceptEncoding, coding);
  }
  return coding;
}

function choose(acceptEncoding: string): ContentCoding {
  const weights = new Map<string, number>();
  for (const part of acceptEncoding.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
    const quality = parameters.find((text) => text.startsWith('q='))?.slice(2);
    const weight = quality === undefined ? 1 : Number(quality);
    weights.set(name, weight >= 0 && weight <= 1 ? weight : 0);
  }
  const weightOf = (coding: string) => weights.get(coding) ?? weights.get('*') ?? 0;
  const best = weightOf('br') >= weightOf('gzip') ? 'br' : 'gzip';
  return weightOf(best) > 0 && weightOf(best) >= (weights.get('identity') ?? 0) ? best : 'identity';
}
