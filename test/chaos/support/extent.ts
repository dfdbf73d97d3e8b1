/** True for `npm run test:chaos`; `npm test` runs every scenario in a short form. */
export const FULL = process.env['CHAOS'] === 'full';

/** How many of something: the first number in full, the second in the short form. */
export const extent = (full: number, short: number): number => (FULL ? full : short);
