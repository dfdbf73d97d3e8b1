import { z } from 'zod';
import { ACCESS_TOKEN_ALGORITHM } from '../access-token.js';
import type { SigningKey } from '../signing-key.js';

export const jwksView = z
  .object({
    keys: z.array(
      z.object({
        kty: z.string(),
        crv: z.string(),
        x: z.string(),
        y: z.string(),
        kid: z.string(),
        alg: z.string(),
        use: z.string(),
      }),
    ),
  })
  .meta({
    id: 'JsonWebKeySet',
    example: {
      keys: [
        {
          kty: 'EC',
          crv: 'P-256',
          x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
          y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
          kid: 'cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s',
          alg: 'ES256',
          use: 'sig',
        },
      ],
    },
  });

/** The public members by name: a private one cannot slip in with the rest. */
export function toJwksView(keys: readonly SigningKey[]): z.output<typeof jwksView> {
  return {
    keys: keys.map(({ kid, publicJwk: { kty, crv, x, y } }) => {
      return { kty, crv, x, y, kid, alg: ACCESS_TOKEN_ALGORITHM, use: 'sig' };
    }),
  };
}
