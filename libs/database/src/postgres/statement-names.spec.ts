import { StatementNames } from './statement-names.js';

describe('StatementNames', () => {
  it('gives each text one name', () => {
    const names = new StatementNames();
    const [first, second] = [names.of('SELECT $1'), names.of('SELECT $1, 2')];
    expect(names.of('SELECT $1')).toBe(first);
    expect(second).not.toBe(first);
  });

  it('gives no name to the five hundred and first text', () => {
    const names = new StatementNames();
    const given = Array.from({ length: 500 }, (_, index) => names.of(`SELECT ${index}`));
    expect(new Set(given).size).toBe(500);
    expect(names.of('SELECT another')).toBeUndefined();
    expect(names.of('SELECT 0')).toBe(given[0]);
  });
});
