import { Disturbance } from './disturbance.js';
import {
  startSessionInstance,
  type AccessMode,
  type SessionInstance,
  type SessionServers,
} from './session-instance.js';

/** The place of one process: whoever sits there can be restarted. */
export class Seat {
  private restarting: Promise<void> = Promise.resolve();

  private constructor(
    private readonly seat: () => Promise<SessionInstance>,
    readonly disturbance: Disturbance,
    private current: SessionInstance,
  ) {}

  static async take(
    mode: AccessMode,
    servers: SessionServers,
    weaken: (instance: SessionInstance) => void,
  ): Promise<Seat> {
    const disturbance = new Disturbance();
    const seat = async () => {
      const instance = await startSessionInstance(mode, servers);
      disturbance.standBetween(instance);
      weaken(instance);
      return instance;
    };
    return new Seat(seat, disturbance, await seat());
  }

  get instance(): SessionInstance {
    return this.current;
  }

  /** As in a rolling restart: the next one serves before this one ends, with whatever it has in hand. */
  restart(): Promise<void> {
    this.restarting = this.replace(this.restarting);
    return this.restarting;
  }

  private async replace(after: Promise<void>): Promise<void> {
    await after;
    const old = this.current;
    this.current = await this.seat();
    await end(old);
  }

  async leave(): Promise<void> {
    await end(this.current);
  }
}

async function end(instance: SessionInstance): Promise<void> {
  instance.ended = true;
  await instance.context.close();
}
