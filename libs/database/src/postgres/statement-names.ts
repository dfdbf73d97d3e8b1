/** More than the product's own statements: texts that are put together as they go must not fill the server's memory. */
const MAX_NAMED = 500;

/** Names for prepared statements, the same in every connection, so that Postgres parses and plans each text once. */
export class StatementNames {
  private readonly names = new Map<string, string>();

  /** Undefined for a text that is to stay without. */
  of(sql: string): string | undefined {
    const known = this.names.get(sql);
    if (known !== undefined || this.names.size >= MAX_NAMED) return known;
    const name = `mockingbird_${this.names.size + 1}`;
    this.names.set(sql, name);
    return name;
  }
}
