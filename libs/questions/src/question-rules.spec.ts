import { choicesOf, PARTS, type Part } from './parts.js';
import { questionRuleViolations } from './question-rules.js';
import type { QuestionDraft } from './question.js';

function soundItem(part: Part): QuestionDraft {
  const choices = choicesOf(part);
  return {
    ability: part <= 4 ? 'L3' : 'R2',
    difficulty: 3,
    tags: [],
    stem: 'What is meant?',
    options: choices.map((choice) => `Option ${choice}`),
    key: 'B',
    explanation: 'It says so.',
    distractors: Object.fromEntries(choices.filter((choice) => choice !== 'B').map((choice) => [choice, 'No.'])),
  };
}

const pathsOf = (part: Part, changes: Partial<QuestionDraft>) =>
  questionRuleViolations(part, { ...soundItem(part), ...changes }).map(({ path }) => path);

describe('questionRuleViolations', () => {
  it.each(PARTS)('takes a sound item of Part %i', (part) => expect(pathsOf(part, {})).toEqual([]));

  it.each(PARTS)('counts the options of Part %i', (part) => {
    const { options } = soundItem(part);
    expect(pathsOf(part, { options: options.slice(1) })).toEqual(['options']);
    expect(pathsOf(part, { options: [...options, 'One more'] })).toEqual(['options']);
  });

  it('refuses options that differ only in case or space', () => {
    expect(pathsOf(5, { options: ['approve', 'Approve ', 'approval', 'approving'] })).toEqual(['options']);
  });

  it('refuses the key D in Part 2', () => {
    expect(pathsOf(2, { key: 'D', distractors: { A: 'No.', B: 'No.', C: 'No.' } })).toEqual(['key']);
  });

  it('refuses an ability of the other section', () => {
    expect(pathsOf(3, { ability: 'R1' })).toEqual(['ability']);
    expect(pathsOf(7, { ability: 'L1' })).toEqual(['ability']);
  });

  it('wants every wrong option explained, and the key not', () => {
    expect(pathsOf(5, { distractors: { A: 'No.', C: 'No.' } })).toEqual(['distractors']);
    expect(pathsOf(5, { distractors: { A: 'No.', B: 'Yes.', C: 'No.', D: 'No.' } })).toEqual(['distractors']);
  });

  it.each(PARTS)('asks for a stem in Part %i only where something is asked in print', (part) => {
    expect(pathsOf(part, { stem: null })).toEqual([1, 2, 6].includes(part) ? [] : ['stem']);
  });

  it('names everything that is wrong at once', () => {
    expect(pathsOf(5, { options: ['a', 'a'], ability: 'L1', stem: null, distractors: {} })).toEqual([
      'options',
      'options',
      'ability',
      'distractors',
      'stem',
    ]);
  });
});
