import { isEasyToGuess } from './password-strength.js';

const EMAIL = 'mei.tanaka@example.com';

describe('isEasyToGuess', () => {
  it.each([
    'password',
    'Password123!',
    '123qwerty456',
    'ｐａｓｓｗｏｒｄ１',
    '12345678',
    '98765432',
    'abcdefgh',
    'qwertyui',
    'aaaaaaaa',
    'abababab',
    '!!!toeic2026!!!',
    'mei.tanaka',
    'Mei.Tanaka1990',
    'mei.tanaka@example.com',
  ])('refuses %s', (password) => expect(isEasyToGuess(password, EMAIL)).toBe(true));

  it.each([
    'plum-kettle-94-river',
    'correct horse battery',
    'Tr4mpol1ne!',
    'パスワード置き場の鍵',
    'mastering-chess-7',
  ])('takes %s', (password) => expect(isEasyToGuess(password, EMAIL)).toBe(false));
});
