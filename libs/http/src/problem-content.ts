import { z } from 'zod';
import { PROBLEM_MEDIA_TYPE, problemSchema } from './problem.schema.js';
import { referenceTo } from './schema-references.js';

const CODE = /`([a-z_]+\.[a-z_]+)`(?:: ([^`]+\.))?/g;

const ERRORS = [{ path: 'answers.0.number', message: 'Too small: expected number to be >=1' }];

/**
 * The content of an error response in the API document, with an example for each problem its description names as
 * `` `code` `` or `` `code`: what it means. ``
 */
export function problemContent(status: number, description: string, view: z.ZodType = problemSchema) {
  const base = z.globalRegistry.get(view)?.['example'] as object;
  const examples = [...description.matchAll(CODE)].map(([, code = '', meaning]) => {
    const title = capitalized(meaning ?? inWords(code));
    const value = { ...base, type: `urn:mockingbird:error:${code}`, title, status, code };
    return [code, { value: code === 'request.invalid' ? { ...value, errors: ERRORS } : value }] as const;
  });
  return { [PROBLEM_MEDIA_TYPE]: { schema: referenceTo(view), examples: Object.fromEntries(examples) } };
}

/** `auth.token_missing` as `Auth: token missing.` */
function inWords(code: string): string {
  return `${code.replaceAll('_', ' ').replace('.', ': ')}.`;
}

function capitalized(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
