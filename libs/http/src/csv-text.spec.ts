import { csvRecord } from './csv-text.js';

describe('a record of CSV', () => {
  it('has its cells between commas and ends with CR LF', () => {
    const time = new Date('2026-11-22T09:30:00.000Z');
    expect(csvRecord(['Firefox on Linux', 12, -1.5, true, null, time, ''])).toBe(
      'Firefox on Linux,12,-1.5,true,,2026-11-22T09:30:00.000Z,\r\n',
    );
    expect(csvRecord([])).toBe('\r\n');
  });

  it.each([
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['"', '""""'],
    [' padded ', ' padded '],
    ['Ünïcode 端末', 'Ünïcode 端末'],
  ])('quotes %j where it must', (text, cell) => expect(csvRecord([text])).toBe(`${cell}\r\n`));

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['\n=1', '"\'\n=1"'],
    ['＝1', "'＝1"],
    ['＠x', "'＠x"],
    ['=HYPERLINK("http://evil.example","a")', '"\'=HYPERLINK(""http://evil.example"",""a"")"'],
  ])('keeps %j from being a formula', (text, cell) => expect(csvRecord([text])).toBe(`${cell}\r\n`));

  it('leaves alone what only holds such a character', () => {
    expect(csvRecord(['a=b', 'x-y', 'me@example.org'])).toBe('a=b,x-y,me@example.org\r\n');
  });
});
