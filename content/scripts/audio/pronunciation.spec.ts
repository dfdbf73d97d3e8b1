import { spoken } from './pronunciation.ts';

describe('what the engines are given to read', () => {
  it('spells out words that they read wrongly', () => {
    expect(spoken('Ms. Vidal is next to the café.')).toBe('Miz Vidahl is next to the cafe.');
    expect(spoken('Would you rather present first?')).toBe('Would you rather pre zent first?');
    expect(spoken('It was a lovely present.')).toBe('It was a lovely present.');
  });

  it('has only plain letters and marks', () => {
    expect(spoken('“São Paulo” — it’s at 10 A.M. …')).toBe('"Sao Paulo", it\'s at 10 A M ...');
  });
});
