import Bowser from 'bowser';

const MAX_LENGTH = 80;

/** A name people recognise, e.g. `Firefox on Linux`, from the `User-Agent` header. */
export function deviceNameOf(userAgent: string): string {
  if (userAgent.trim() === '') return 'Unknown device';
  const { browser, os } = Bowser.parse(userAgent);
  const name = [browser.name, os.name].filter((part) => part !== undefined && part !== '').join(' on ');
  return (name === '' ? (userAgent.split(/[\s/]/, 1)[0] ?? 'Unknown device') : name).slice(0, MAX_LENGTH);
}
