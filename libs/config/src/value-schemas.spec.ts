import {
  addressRange,
  durationMs,
  flag,
  list,
  mailbox,
  origin,
  positive,
  publicAddress,
  redisAddress,
  sizeBytes,
  whole,
} from './value-schemas.js';

describe('durationMs', () => {
  it.each([
    ['0', 0],
    ['900', 900_000],
    ['1.5s', 1500],
    ['15m', 900_000],
    ['12h', 43_200_000],
    ['14d', 1_209_600_000],
  ])('reads %s', (text, ms) => expect(durationMs.parse(text)).toBe(ms));

  it.each(['', 's', '1 s', '1S', '-1', '1e3', '1m30s', '.5s', '9'.repeat(400)])('refuses "%s"', (text) => {
    expect(durationMs.safeParse(text).success).toBe(false);
  });
});

describe('sizeBytes', () => {
  it.each([
    ['1', 1],
    ['512b', 512],
    ['256kb', 262_144],
    ['64MB', 67_108_864],
    ['1gb', 1_073_741_824],
  ])('reads %s', (text, bytes) => expect(sizeBytes.parse(text)).toBe(bytes));

  it.each(['0', '0mb', '', 'mb', '1.5mb', '1 mb', '1tb', '-1'])('refuses "%s"', (text) => {
    expect(sizeBytes.safeParse(text).success).toBe(false);
  });
});

describe('flag', () => {
  it('reads both spellings', () => {
    expect(['true', '1', 'false', '0'].map((text) => flag.parse(text))).toEqual([true, true, false, false]);
  });
  it.each(['yes', 'TRUE', 'on', ''])('refuses "%s"', (text) => expect(flag.safeParse(text).success).toBe(false));
});

describe('numbers', () => {
  it('whole ones keep their bounds', () => {
    const port = whole(0, 65_535);
    expect([port.parse('0'), port.parse('65535')]).toEqual([0, 65_535]);
    for (const text of ['65536', '-1', '1.0', '1e3', '0x1', '', ' 1']) expect(port.safeParse(text).success).toBe(false);
  });
  it('positive ones may have a fraction, and are not 0', () => {
    expect([positive.parse('0.5'), positive.parse('50')]).toEqual([0.5, 50]);
    for (const text of ['0', '0.0', '-1', '1e3', 'x']) expect(positive.safeParse(text).success).toBe(false);
  });
});

describe('list', () => {
  it('splits at commas, trims, and drops what is empty', () => {
    expect(list.parse(' a, b ,,c,')).toEqual(['a', 'b', 'c']);
    expect(list.parse('')).toEqual([]);
  });
});

describe('addressRange', () => {
  it.each(['127.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', '10.1.2.3/32'])('takes %s', (text) => {
    expect(addressRange.safeParse(text).success).toBe(true);
  });
  it.each(['256.0.0.1', '10.0.0.0/33', '10.0.0.0/0', '10.0.0.0/', 'localhost', '::1/129', '1.2.3.4/8/8'])(
    'refuses %s',
    (text) => expect(addressRange.safeParse(text).success).toBe(false),
  );
});

describe('origin', () => {
  it.each(['https://school.example', 'http://localhost:5173'])('takes %s', (text) => {
    expect(origin.safeParse(text).success).toBe(true);
  });
  it.each(['https://school.example/', 'https://a.example:443', 'https://u:p@a.example', '*', 'null'])(
    'refuses %s, which no browser sends',
    (text) => expect(origin.safeParse(text).success).toBe(false),
  );
});

describe('publicAddress', () => {
  it.each([
    ['https://school.example', 'https://school.example'],
    ['https://school.example/', 'https://school.example'],
    ['http://localhost:3000/app//', 'http://localhost:3000/app'],
  ])('reads %s', (text, address) => expect(publicAddress.parse(text)).toBe(address));
  it.each(['school.example', 'ftp://a.example', 'https://a.example?x', 'https://a.example/#x', 'https://'])(
    'refuses %s',
    (text) => expect(publicAddress.safeParse(text).success).toBe(false),
  );
});

describe('mailbox', () => {
  it.each(['a@localhost', 'School <a@school.example>', 'Übung der 学校 <a@school.example>', '<a@b>'])(
    'takes %s',
    (text) => expect(mailbox.safeParse(text).success).toBe(true),
  );
  it.each(['a', 'School <a>', 'School <a@b', 'a@b>', 'a b@c', 'School <a@b> <c@d>', 'X\r\nBcc: y <a@b>'])(
    'refuses %j',
    (text) => expect(mailbox.safeParse(text).success).toBe(false),
  );
});

describe('redisAddress', () => {
  it.each([
    'localhost:6379',
    'a:7000,b:7001',
    'redis://user:pw@host:6379/2',
    'rediss://host:6380',
    'redis+sentinel://a:26379,b:26379/main',
    'redis+sentinel://a:26379',
    'redis+cluster://a:7000,b:7001',
  ])('takes %s', (text) => expect(redisAddress.safeParse(text).success).toBe(true));

  it.each([
    'localhost',
    'localhost:65536',
    'a:7000,b',
    'a:7000/2',
    'redis+cluster://a',
    'redis+sentinel://a:x/main',
    'redis://',
    'http://a:1',
    'a:1 ',
  ])('refuses "%s"', (text) => expect(redisAddress.safeParse(text).success).toBe(false));
});
