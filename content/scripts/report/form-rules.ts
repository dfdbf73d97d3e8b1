import { setsOf, type Bank, type BankForm, type BankSet } from './bank.ts';
import { itemsWithTexts, keyCounts, keyIsLongest, longestRun } from './keys.ts';

const LONGEST_RUN = 4;
const MOST_LONGEST_KEYS = 0.4;
const FEWEST_ITEMS_FOR_SHARES = 10;
/** How far from an even share a key may be. */
const UNEVEN = 0.12;
const FEWEST_ITEMS_FOR_NEIGHBORS = 20;
/** Of the neighbors with one key that chance would give. */
const FEWEST_EQUAL_NEIGHBORS = 1 / 3;
/** Of the options that begin with yes or no. */
const FEWEST_YES_NO_KEYS = 0.15;
const FEWEST_ITEMS_FOR_VOCABULARY = 8;
const FEWEST_VOCABULARY_ITEMS = 0.1;
const HARD = 4;

/** Where a form breaks a house rule, as a whole or in one of its parts. */
export function formViolations(bank: Bank, form: BankForm): string[] {
  const sets = setsOf(bank, form);
  return [
    ...keysOfForm(sets).map((problem) => `${form.slug}: ${problem}`),
    ...[...Map.groupBy(sets, (set) => set.part)].flatMap(([part, members]) =>
      [
        ...keysOfPart(part, members),
        ...(part === 2 ? yesAndNo(members) : []),
        ...(part === 5 ? vocabulary(members) : []),
        ...(form.kind === 'full' ? difficulty(members) : []),
      ].map((problem) => `${form.slug} part ${part}: ${problem}`),
    ),
  ];
}

function keysOfForm(sets: readonly BankSet[]): string[] {
  const problems: string[] = [];
  const keys = keysOf(sets);
  if (longestRun(keys) > LONGEST_RUN) problems.push(`a key ${longestRun(keys)} times in a row`);
  const texts = itemsWithTexts(sets);
  const share = texts.filter(keyIsLongest).length / texts.length;
  if (texts.length >= FEWEST_ITEMS_FOR_SHARES && share > MOST_LONGEST_KEYS) {
    problems.push(`the key is the longest option in ${Math.round(share * 100)} % of the items`);
  }
  return problems;
}

/** Keys are spread evenly, and as often the same as that of the item before as chance would have it, roughly. */
function keysOfPart(part: number, sets: readonly BankSet[]): string[] {
  const keys = keysOf(sets);
  const even = 1 / (part === 2 ? 3 : 4);
  const problems: string[] = [];
  if (keys.length >= FEWEST_ITEMS_FOR_SHARES) {
    for (const [key, count] of Object.entries(keyCounts(keys))) {
      if (Math.abs(count / keys.length - even) > UNEVEN) {
        problems.push(`${key} is the key ${count} of ${keys.length} times`);
      }
    }
  }
  const equal = keys.filter((key, index) => key === keys[index - 1]).length;
  if (keys.length >= FEWEST_ITEMS_FOR_NEIGHBORS && equal < even * FEWEST_EQUAL_NEIGHBORS * (keys.length - 1)) {
    problems.push(`only ${equal} of ${keys.length - 1} keys are that of the item before`);
  }
  return problems;
}

/** “Never choose yes or no” must not be a good rule. */
function yesAndNo(sets: readonly BankSet[]): string[] {
  const openings = sets
    .flatMap(({ items }) => items)
    .flatMap(({ options, key }) =>
      options.flatMap((option, index) => (/^(yes|no)\b/i.test(option) ? ['ABC'[index] === key] : [])),
    );
  const right = openings.filter(Boolean).length;
  return openings.length >= FEWEST_ITEMS_FOR_SHARES && right < openings.length * FEWEST_YES_NO_KEYS
    ? [`of ${openings.length} options with yes or no, ${right} are right`]
    : [];
}

function vocabulary(sets: readonly BankSet[]): string[] {
  const items = sets.flatMap((set) => set.items);
  const ofWords = items.filter(({ ability }) => ability === 'R4').length;
  return items.length >= FEWEST_ITEMS_FOR_VOCABULARY && ofWords < items.length * FEWEST_VOCABULARY_ITEMS
    ? [`${ofWords} of ${items.length} items are about vocabulary`]
    : [];
}

/** Scores at the top need hard items in every part of some length. */
function difficulty(sets: readonly BankSet[]): string[] {
  const items = sets.flatMap((set) => set.items);
  return items.length >= FEWEST_ITEMS_FOR_SHARES && !items.some((item) => item.difficulty >= HARD)
    ? ['no item is hard']
    : [];
}

function keysOf(sets: readonly BankSet[]): string[] {
  return sets.flatMap(({ items }) => items.map(({ key }) => key));
}
