import { PARTS } from './parts.js';
import { searchTextOf } from './search-text.js';

const item = { stem: 'Why did he call?', options: ['To cancel', 'To order', 'To complain'] };
const passages = [{ kind: 'email', title: 'Lunch', text: 'The canteen is closed.' }];

describe('searchTextOf', () => {
  it.each([1, 2] as const)('finds nothing of Part %i, which is only heard', (part) => {
    expect(searchTextOf(part, item, passages)).toBe('');
  });

  it.each(PARTS.filter((part) => part > 2))('finds stem, options and passages of Part %i', (part) => {
    expect(searchTextOf(part, item, passages).split('\n')).toEqual([
      'Why did he call?',
      'To cancel',
      'To order',
      'To complain',
      'Lunch',
      'The canteen is closed.',
    ]);
  });
});
