/** A key and what it depends on; the same tags in the same order wherever the key is used. */
export interface CacheKey {
  /** `namespace:rest`; the namespace can be cleared as a whole. */
  readonly name: string;
  /** Changed by an invalidation; an entry counts only while none of its tags has changed since before its load. */
  readonly tags: readonly string[];
}

export function namespaceOf(name: string): string {
  return name.slice(0, name.indexOf(':'));
}

/** The tag that everything in a namespace has. */
export function namespaceTag(namespace: string): string {
  return `namespace:${namespace}`;
}

/** The tags of a key together with the implicit one of its namespace. */
export function allTags({ name, tags }: CacheKey): string[] {
  return [namespaceTag(namespaceOf(name)), ...tags];
}
