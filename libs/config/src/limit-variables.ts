import { z } from 'zod';
import { BOOLEAN } from './accepted-forms.js';
import { rateLimitPolicies } from './rate-limit-policies.js';
import { addressRange, flag, list, positive, whole } from './value-schemas.js';
import type { Variable } from './variables.js';

/** Variables of rate limits. */
export const LIMIT_VARIABLES = {
  RATE_LIMIT_ENABLED: {
    schema: flag,
    fallback: 'true',
    accepts: BOOLEAN,
    description: 'Rate limit of all routes, by user, or by address where nobody is logged in.',
  },
  RATE_LIMIT_REQUESTS: {
    schema: positive,
    fallback: '50',
    accepts: 'a positive number',
    description: 'Requests a second, sustained.',
  },
  RATE_LIMIT_BURST: {
    schema: whole(1, 1_000_000_000),
    fallback: '200',
    accepts: 'a number, 1 or more',
    description: 'Requests at once after a pause (the size of the bucket).',
  },
  RATE_LIMIT_POLICIES: {
    schema: rateLimitPolicies,
    fallback: '',
    accepts:
      'callers and groups of routes with their buckets, such as anonymous:requests=5,burst=50;answers:requests=10,burst=100',
    description:
      'What differs from the two variables above: for a caller (`anonymous`, `learner`, `teacher`, `admin`; of several roles the most generous counts), or for a group of routes, which has buckets of its own (`answers`: saving and submitting; `reports`: analytics and exports).',
  },
  RATE_LIMIT_ALLOWED: {
    schema: list.pipe(z.array(addressRange)),
    fallback: '',
    accepts: 'addresses or CIDR ranges separated by commas',
    description: 'Clients that are not limited, such as a load test. Login attempts are limited all the same.',
  },
  AUTH_RATE_LIMIT_ENABLED: {
    schema: flag,
    fallback: 'true',
    accepts: BOOLEAN,
    description: 'Limits on login attempts.',
  },
  AUTH_RATE_LIMIT_REQUESTS: {
    schema: positive,
    fallback: '1',
    accepts: 'a positive number',
    description: 'Login attempts a second for one account, sustained.',
  },
  AUTH_RATE_LIMIT_BURST: {
    schema: whole(1, 1_000_000_000),
    fallback: '30',
    accepts: 'a number, 1 or more',
    description: 'Login attempts at once for one account.',
  },
  AUTH_ADDRESS_RATE_LIMIT_REQUESTS: {
    schema: positive,
    fallback: '10',
    accepts: 'a positive number',
    description: 'Login attempts a second from one address (IPv6: one /64), sustained.',
  },
  AUTH_ADDRESS_RATE_LIMIT_BURST: {
    schema: whole(1, 1_000_000_000),
    fallback: '1200',
    accepts: 'a number, 1 or more',
    description: 'Login attempts at once from one address: as many as a school has people behind one.',
  },
} as const satisfies Record<string, Variable>;
