import { z } from 'zod';
import { mailbox, publicAddress } from './value-schemas.js';
import type { Variable } from './variables.js';

/** Variables of mail and of the links in it. */
export const MAIL_VARIABLES = {
  PUBLIC_URL: {
    schema: publicAddress,
    accepts: 'a URL such as https://school.example, without a query',
    description:
      'Where people reach the front end; links in mail begin with it. `http://localhost` and the port unless set.',
  },
  SMTP_URL: {
    schema: z.url({ protocol: /^smtps?$/ }),
    accepts: 'a URL smtp://user:password@host:port, or smtps://',
    description: 'Mail server. Without it letters are written to `outbox` under `DATA_DIR`.',
    secret: true,
  },
  MAIL_FROM: {
    schema: mailbox,
    fallback: 'Mockingbird <mockingbird@localhost>',
    accepts: 'an e-mail address, or Name <address>',
    description: 'Sender of mail.',
  },
} as const satisfies Record<string, Variable>;
