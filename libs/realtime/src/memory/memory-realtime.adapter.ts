import { Injectable } from '@nestjs/common';
import { RealtimeAdapter, type SocketAdapter } from '../realtime-adapter.js';

/** One instance: the rooms that socket.io keeps itself. */
@Injectable()
export class MemoryRealtimeAdapter extends RealtimeAdapter {
  create(): SocketAdapter {
    return undefined;
  }

  async close(): Promise<void> {
    // Nothing is held.
  }
}
