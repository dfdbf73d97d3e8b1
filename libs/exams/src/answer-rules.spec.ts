import { answerViolations } from './answer-rules.js';
import type { Exam, ExamKey } from './exam.js';

const exam = {
  keys: [
    { number: 7, part: 2 },
    { number: 101, part: 5 },
  ] as unknown as readonly ExamKey[],
} satisfies Pick<Exam, 'keys'>;

describe('answerViolations', () => {
  it('takes answers that fit, and answers taken back', () => {
    expect(answerViolations(exam, [])).toEqual([]);
    expect(
      answerViolations(exam, [
        { number: 7, choice: 'C' },
        { number: 101, choice: 'D' },
      ]),
    ).toEqual([]);
    expect(answerViolations(exam, [{ number: 7, choice: null }])).toEqual([]);
  });

  it('refuses a number the exam does not have', () => {
    expect(answerViolations(exam, [{ number: 1, choice: 'A' }])).toEqual([
      { path: 'answers.0', message: 'The exam has no item 1.' },
    ]);
  });

  it('refuses D in Part 2, which has three responses', () => {
    expect(answerViolations(exam, [{ number: 7, choice: 'D' }])).toEqual([
      { path: 'answers.0', message: 'Item 7 (Part 2) takes A, B, C.' },
    ]);
  });

  it('refuses a number answered twice, and names each place', () => {
    expect(
      answerViolations(exam, [
        { number: 7, choice: 'A' },
        { number: 101, choice: 'A' },
        { number: 7, choice: null },
        { number: 3, choice: 'A' },
      ]).map(({ path }) => path),
    ).toEqual(['answers.2', 'answers.3']);
  });
});
