import { ApiExtension } from '@nestjs/swagger';

/** What decorators tell the API document about a route; taken out again once the document is complete. */
export const OPERATION_MARKS = {
  public: 'x-public',
  roles: 'x-roles',
  cached: 'x-cached',
  unlimited: 'x-unlimited',
  optionalBody: 'x-optional-body',
} as const;

export const markOperation = (mark: keyof typeof OPERATION_MARKS, value: true | readonly string[] = true) =>
  ApiExtension(OPERATION_MARKS[mark], value);

/** Documents that the body may be left out. */
export const ApiOptionalBody = () => markOperation('optionalBody');
