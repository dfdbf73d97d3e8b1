import { TagStamps } from './tag-stamps.js';

describe('TagStamps', () => {
  it('holds what was read after the last invalidation of its tags', () => {
    const stamps = new TagStamps();
    const before = stamps.position;
    stamps.stamp(['a']);
    expect(stamps.holds(before, ['a'])).toBe(false);
    expect(stamps.holds(before, ['x', 'a'])).toBe(false);
    expect(stamps.holds(before, ['b'])).toBe(true);
    expect(stamps.holds(before, [])).toBe(true);
    expect(stamps.holds(stamps.position, ['a'])).toBe(true);
  });

  it('holds nothing from before all was invalidated', () => {
    const stamps = new TagStamps();
    const before = stamps.position;
    stamps.stampAll();
    expect(stamps.holds(before, [])).toBe(false);
    expect(stamps.holds(stamps.position, [])).toBe(true);
  });

  it('takes what it has no room to remember for invalidated', () => {
    const stamps = new TagStamps();
    const before = stamps.position;
    stamps.stamp(['first']);
    for (let index = 0; index < 100_000; index += 1) stamps.stamp([`tag ${index}`]);
    expect(stamps.holds(before, ['first'])).toBe(false);
    expect(stamps.holds(stamps.position, ['first'])).toBe(true);
  });
});
