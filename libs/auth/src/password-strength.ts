/** Words that guessers try first, with digits and punctuation around them. */
const COMMON = new Set([
  'password',
  'passwort',
  'passw0rd',
  'qwerty',
  'qwertz',
  'azerty',
  'asdfgh',
  'letmein',
  'welcome',
  'iloveyou',
  'monkey',
  'dragon',
  'sunshine',
  'princess',
  'football',
  'baseball',
  'superman',
  'trustno1',
  'master',
  'shadow',
  'abc',
  'login',
  'admin',
  'toeic',
  'mockingbird',
]);
const RUNS = ['0123456789'.repeat(2), '9876543210'.repeat(2), 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop'];
const FEWEST_DIFFERENT = 4;

const SHORT_UNIT = 4;

/** True for a password that a guesser tries within the first thousands: a common word, a run, a repetition, the address. */
export function isEasyToGuess(password: string, email: string): boolean {
  const text = password.normalize('NFKC').toLowerCase();
  const unit = repeatedUnit(text);
  if (unit !== undefined) return unit.length <= SHORT_UNIT || isEasyToGuess(unit, email);
  if (new Set(text).size < FEWEST_DIFFERENT) return true;
  if (isRun(text)) return true;
  const core = text.replace(/^[\d\W_]+|[\d\W_]+$/g, '');
  if (COMMON.has(core)) return true;
  const [name = ''] = email.toLowerCase().split('@', 1);
  return text === email.toLowerCase() || core === name;
}

/** `12345678`, and `11223344` where each step is made several times. */
function isRun(text: string): boolean {
  const steps = text.replace(/(.)\1+/gu, '$1');
  return RUNS.some((run) => run.includes(text) || (steps.length >= FEWEST_DIFFERENT && run.includes(steps)));
}

/** What the whole text is made of, at least twice, the last time perhaps in part: `1234` of `123412341`. */
function repeatedUnit(text: string): string | undefined {
  for (let length = 1; length <= text.length / 2; length += 1) {
    const unit = text.slice(0, length);
    if (unit.repeat(Math.ceil(text.length / length)).startsWith(text)) return unit;
  }
  return undefined;
}
