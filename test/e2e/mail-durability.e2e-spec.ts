import { BuiltProduct, buildProduct } from '../support/built-product.js';
import { EmbeddedData } from '../support/embedded-data.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { SmtpMailbox } from '../support/smtp-mailbox.js';

const LIMIT_MS = 240_000;
const PATIENCE_MS = 60_000;

const letterTo = (mailbox: SmtpMailbox, email: string) =>
  eventually(() => {
    const found = mailbox.received.find(({ envelope }) => envelope.to.includes(email));
    if (found === undefined) throw new Error('No letter yet');
    return found;
  }, PATIENCE_MS);

const register = async ({ url }: BuiltProduct, email: string) => {
  const { status } = await fetch(`${url}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: 'plum-kettle-94-river' }),
  });
  expect(status).toBe(201);
};
describe('a letter of the built product with its embedded database', () => {
  let data: EmbeddedData;
  let DATA_DIR: string;
  const launched: BuiltProduct[] = [];
  const mailboxes: SmtpMailbox[] = [];

  beforeAll(async () => {
    await buildProduct();
    data = await EmbeddedData.prepare({ LOG_LEVEL: 'error' });
  }, LIMIT_MS);
  beforeEach(async () => {
    DATA_DIR = await data.copy();
  });
  afterEach(async () => {
    for (const product of launched.splice(0)) {
      product.signal('SIGKILL');
      await product.exitCode();
    }
    await Promise.all(mailboxes.splice(0).map((mailbox) => mailbox.close()));
  });
  afterAll(() => data.remove());

  const start = async (smtpPort: number) => {
    const SMTP_URL = `smtp://127.0.0.1:${smtpPort}`;
    const product = await BuiltProduct.start({ DATA_DIR, SMTP_URL, PORT: '0', LOG_LEVEL: 'error' });
    launched.push(product);
    return product;
  };
  const open = async (port?: number) => {
    const mailbox = await SmtpMailbox.open({}, port);
    mailboxes.push(mailbox);
    return mailbox;
  };
  it(
    'is sent after a restart when the process was killed between the registration and the letter',
    async () => {
      const port = await freePort();
      const first = await start(port);
      await register(first, 'killed@example.org');
      first.signal('SIGKILL');
      await first.exitCode();
      const mailbox = await open(port);
      await start(port);
      const { mail } = await letterTo(mailbox, 'killed@example.org');
      expect(mail.subject).toBe('Confirm your e-mail address');
    },
    LIMIT_MS,
  );

  it(
    'is sent after a restart, with the same id, when the process was killed while it gave it to the mail server',
    async () => {
      const silent = await open();
      silent.fallSilent();
      const first = await start(silent.port);
      await register(first, 'halfway@example.org');
      const before = await letterTo(silent, 'halfway@example.org');
      first.signal('SIGKILL');
      await first.exitCode();
      const mailbox = await open();
      await start(mailbox.port);
      const after = await letterTo(mailbox, 'halfway@example.org');
      expect(after.mail.messageId).toBe(before.mail.messageId);
    },
    LIMIT_MS,
  );
});
