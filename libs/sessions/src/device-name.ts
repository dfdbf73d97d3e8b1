import Bowser from 'bowser';
import { LRUCache } from 'lru-cache';

const MAX_LENGTH = 80;
/** Parsing takes some 50 us, and a school's computers are all alike. */
const names = new LRUCache<string, string>({ max: 1000 });

/** A name people recognise, e.g. `Firefox on Linux`, from the `User-Agent` header. */
export function deviceNameOf(userAgent: string): string {
  const known = names.get(userAgent);
  if (known !== undefined) return known;
  const name = parsedName(userAgent);
  names.set(userAgent, name);
  return name;
}

function parsedName(userAgent: string): string {
  if (userAgent.trim() === '') return 'Unknown device';
  const { browser, os } = Bowser.parse(userAgent);
  const name = [browser.name, os.name].filter((part) => part !== undefined && part !== '').join(' on ');
  return (name === '' ? (userAgent.split(/[\s/]/, 1)[0] ?? 'Unknown device') : name).slice(0, MAX_LENGTH);
}
