import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Database } from '@app/database';
import { MailQueue, writeLetter, type MailMessage } from '@app/mail';
import { CapturedLog } from '../support/captured-log.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/run-sql.js';
import { SmtpMailbox, type ReceivedMail } from '../support/smtp-mailbox.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const LETTER = { greeting: 'Hello Zoë,', paragraphs: ['Grüße aus 東京.'] };
const MESSAGE: MailMessage = {
  to: { address: 'mei.tanaka@example.org', name: '田中 芽衣' },
  subject: 'Ihre Prüfung: 準備完了',
  ...writeLetter(LETTER),
};

const mailTo = (address: string): MailMessage => ({ ...MESSAGE, to: { address } });

describe('mail over SMTP', () => {
  let mailbox: SmtpMailbox;
  let app: TestApp;
  beforeAll(async () => {
    mailbox = await SmtpMailbox.open();
    app = await startTestApp({
      mode: 'memory',
      environment: {
        SMTP_URL: mailbox.url.replace('//', '//school:s3cret-of-the-server@'),
        MAIL_FROM: 'Übungsschule <no-reply@school.example>',
        PUBLIC_URL: 'https://practice.school.example/app/',
      },
    });
  });
  afterAll(async () => {
    await app.stop();
    await mailbox.close();
  });

  const send = (message: MailMessage) => app.app.get(MailQueue).enqueue(message);
  const receivedBy = (address: string) => mailbox.received.filter(({ envelope }) => envelope.to.includes(address));
  const received = (address: string, withinMs?: number) =>
    eventually(() => {
      const [first] = receivedBy(address);
      if (first === undefined) throw new Error('No mail yet');
      return first;
    }, withinMs);

  it('gives the server both forms, with every name and letter as it was written', async () => {
    await send(MESSAGE);
    const { mail, envelope, user } = await received(MESSAGE.to.address);
    expect(user).toBe('school');
    expect(envelope).toEqual({ from: 'no-reply@school.example', to: ['mei.tanaka@example.org'] });
    expect(mail.from?.value).toEqual([{ name: 'Übungsschule', address: 'no-reply@school.example' }]);
    expect(mail.to).toMatchObject({ value: [{ name: '田中 芽衣', address: 'mei.tanaka@example.org' }] });
    expect(mail.subject).toBe(MESSAGE.subject);
    expect(mail.text).toBe(MESSAGE.text);
    expect(String(mail.html).trim()).toBe(MESSAGE.html);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.messageId).toMatch(/^<[0-9a-f-]{36}@practice\.school\.example>$/);
  });

  it('lets no line break in a name or a subject become a header', async () => {
    const address = 'breaks@example.org';
    await send({
      to: { address, name: 'A\r\nBcc: victim@example.org' },
      subject: 'S\r\nX-Injected: yes',
      text: 'T',
    });
    const { mail, envelope, source } = await received(address);
    expect(envelope.to).toEqual([address]);
    expect(mail.headers.has('x-injected')).toBe(false);
    expect(source.split('\r\n\r\n', 1)[0]).not.toMatch(/^(bcc|x-injected):/im);
  });

  it('tries again when the server refuses for now, and sends one letter with one id', async () => {
    mailbox.refuse(1);
    await send(mailTo('later@example.org'));
    await received('later@example.org', 20_000);
    expect(mailbox.refused).toBe(1);
    expect(receivedBy('later@example.org')).toHaveLength(1);
  });

  it('sends a letter of a transaction if it commits, and none if it is rolled back', async () => {
    const queue = app.app.get(MailQueue);
    const database = app.app.get(Database);
    const undone = database.transaction(async (tx) => {
      await queue.enqueue(mailTo('undone@example.org'), tx);
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    await database.transaction((tx) => queue.enqueue(mailTo('done@example.org'), tx));
    await received('done@example.org');
    expect(receivedBy('undone@example.org')).toEqual([]);
  });

  it('holds back while the server is away, loses nothing, and logs no secret of it', async () => {
    const { port } = mailbox;
    await mailbox.close();
    const log = CapturedLog.start();
    let text = '';
    const other = await startTestApp({
      mode: 'memory',
      environment: { SMTP_URL: `smtp://school:s3cret-of-the-server@127.0.0.1:${port}`, LOG_LEVEL: 'warn' },
    });
    try {
      await other.app.get(MailQueue).enqueue(mailTo('away@example.org'));
      await eventually(async () => {
        const [job] = await runSql<{ tries: number }>(
          other.databaseUrl,
          `SELECT retry_count AS tries FROM jobs.job WHERE name = 'mail' AND state = 'retry'`,
        );
        expect(job).toBeDefined();
      });
    } finally {
      text = log.stop();
    }
    expect(text).toContain('"event":"job_failed"');
    expect(text).not.toMatch(/s3cret|Grüße/);
    const back = await SmtpMailbox.open({}, port);
    try {
      const arrived: ReceivedMail = await eventually(() => {
        const [first] = back.received;
        if (first === undefined) throw new Error('No mail yet');
        return first;
      }, 30_000);
      expect(arrived.envelope.to).toEqual(['away@example.org']);
    } finally {
      await other.stop();
      await back.close();
      mailbox = await SmtpMailbox.open({}, port);
    }
  });
});

describe('mail without a server', () => {
  let app: TestApp;
  let log: CapturedLog;
  beforeAll(async () => {
    log = CapturedLog.start();
    app = await startTestApp({ mode: 'memory', environment: { LOG_LEVEL: 'info' } });
  });
  afterAll(async () => {
    log.stop();
    await app.stop();
  });

  it('is written to a file of the outbox that only this user can read, and the log names the file alone', async () => {
    let text = '';
    try {
      await app.app.get(MailQueue).enqueue(MESSAGE);
      await app.outbox.letter(MESSAGE.to.address, /Prüfung/);
      await eventually(() => expect(log.text).toContain('outbox'));
    } finally {
      text = log.stop();
    }
    const letter = await app.outbox.letter(MESSAGE.to.address, /Prüfung/);
    expect(letter).toMatchObject({ ...MESSAGE, from: 'Mockingbird <mockingbird@localhost>' });
    const [name = ''] = await readdir(app.outbox.folder);
    const { mode } = await stat(join(app.outbox.folder, name));
    expect(mode & 0o077).toBe(0);
    expect(text).toContain(name);
    expect(text).not.toMatch(/mei\.tanaka|Grüße|Prüfung/);
  });

  it('keeps the newest 200 letters', async () => {
    const queue = app.app.get(MailQueue);
    for (let letter = 0; letter < 210; letter += 1) await queue.enqueue(mailTo('many@example.org'));
    const waiting = () =>
      runSql(app.databaseUrl, `SELECT 1 FROM jobs.job WHERE name = 'mail' AND state <> 'completed' LIMIT 1`);
    await eventually(async () => expect(await waiting()).toEqual([]), 30_000);
    expect((await app.outbox.letters()).length).toBe(200);
  });
});
