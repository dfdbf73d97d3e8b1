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
const RUNS = ['01234567890', '09876543210', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop'];
const FEWEST_DIFFERENT = 4;

/** True for a password that a guesser tries within the first thousands: a common word, a run, a repetition, the address. */
export function isEasyToGuess(password: string, email: string): boolean {
  const text = password.normalize('NFKC').toLowerCase();
  if (new Set(text).size < FEWEST_DIFFERENT) return true;
  if (RUNS.some((run) => run.includes(text))) return true;
  const core = text.replace(/^[\d\W_]+|[\d\W_]+$/g, '');
  if (COMMON.has(core)) return true;
  const [name = ''] = email.toLowerCase().split('@', 1);
  return text === email.toLowerCase() || core === name;
}
