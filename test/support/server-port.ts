import { freePort } from './free-port.js';
import { ServerStartError } from './server-process.js';

const ATTEMPTS = 5;

/**
 * Calls `start` with the wanted port, or with free ones until one is not taken by somebody else in
 * between. Answers the port that worked.
 */
export async function startOnPort(wanted: number | undefined, start: (port: number) => Promise<void>): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted ?? (await freePort());
    try {
      await start(port);
      return port;
    } catch (error) {
      const again = error instanceof ServerStartError && error.portTaken && wanted === undefined;
      if (!again || attempt === ATTEMPTS) throw error;
    }
  }
}
