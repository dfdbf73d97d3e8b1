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
    '12341234',
    '123412341',
    '2026202620',
    '12345671234567',
    '123456789012345',
    '11223344',
    'aabbccdd',
    'passwordpassword',
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
    'kettle-94-kettle-95',
    'hoopla-zoo-66',
    'bookkeeper-room',
  ])('takes %s', (password) => expect(isEasyToGuess(password, EMAIL)).toBe(false));
});
