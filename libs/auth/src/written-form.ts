/**
 * The JSON of one part of a token, if the part is written just as this installation writes it: unpadded base64url of
 * JSON without white space, and no member twice. A token has one spelling then, and nobody can read another meaning
 * into it than we do.
 *
 * @throws {Error} for any other spelling, and for what is no JSON
 */
export function readWrittenForm(part: string): unknown {
  const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  // A member given twice, bytes that are no UTF-8, and bits that base64url does not use are lost on the way back.
  if (Buffer.from(JSON.stringify(value)).toString('base64url') !== part) throw new Error('Another spelling');
  return value;
}

/** Whether a part is unpadded base64url in its one spelling. */
export function isWrittenForm(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}
