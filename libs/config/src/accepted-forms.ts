/** How the documentation and the errors say what a variable may be. */
export const DURATION = 'a duration: seconds, or 90s, 15m, 12h, 14d';
export const LIFETIME = 'a duration of at least 1s: seconds, or 90s, 15m, 12h, 14d';
export const SIZE = 'a size of at least 1: bytes, or 512kb, 64mb, 1gb';
export const BOOLEAN = 'true or false';
