const PLACEHOLDER = /change.?me|your.?secret|placeholder|example|password|insecure|default.?secret|^(.)\1+$/i;

/** True for what people paste from samples, and for a secret with hardly any different characters. */
export function isPlaceholderSecret(secret: string): boolean {
  return PLACEHOLDER.test(secret) || new Set(secret).size < 10;
}
