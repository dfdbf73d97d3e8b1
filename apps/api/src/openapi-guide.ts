/** The introduction of the API document, in Markdown. */
export const GUIDE = `Practice tests in the TOEIC® Listening & Reading format. TOEIC is a registered trademark of ETS; this product is
not endorsed or approved by ETS. This document as JSON, for client generators: [/docs-json](/docs-json).

**Tokens.** \`POST /api/v1/auth/login\` answers an access token, sent as \`Authorization: Bearer ...\`, and a refresh token.
To try routes here, log in and give the access token to *Authorize*. When a request is refused with
\`auth.token_expired\`, change the refresh token for new ones at \`/api/v1/auth/refresh\`.

**Errors** are RFC 9457 problem details (\`application/problem+json\`). Decide by \`code\`, which is stable; show \`title\`
or your own words; report \`requestId\`, which is also the header \`X-Request-Id\`. \`errors\` names rejected members.

**Lists** come in pages: send \`nextCursor\` back as \`cursor\` until it is null.

**Repeating.** Reads, saves and submissions may be sent again after a network error. Where a route takes
\`Idempotency-Key\`, a repeated key gives the same answer and changes nothing.

**Caching.** Where an answer has an \`ETag\`, send it back as \`If-None-Match\`: 304 means that your copy is current.

**Limits.** \`RateLimit\` says what is left. After 429 and 503 wait for \`Retry-After\` seconds.

**Time.** Times are RFC 3339 in UTC. Show time left by \`serverTime\` and \`deadlineAt\`, not by the device's clock.
Answers may gain members; ignore those you do not know.`;

/** Tags in the order a reader meets them. */
export const TAGS: Readonly<Record<string, string>> = {
  auth: 'Registering, logging in and out, renewing tokens.',
  users: 'Accounts.',
  sessions: 'Where an account is logged in.',
  questions: 'The question bank.',
  exams: 'Published exams.',
  attempts: 'Taking an exam: saving, submitting, results, review.',
  progress: 'What a learner has achieved.',
  admin: 'Running an installation.',
  operations: 'Health, for orchestrators and load balancers.',
};
