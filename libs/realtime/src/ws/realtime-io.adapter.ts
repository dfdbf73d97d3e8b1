import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions } from 'socket.io';
import { RealtimeAdapter } from '../realtime-adapter.js';

/** Socket servers whose rooms span all instances, as the configured `RealtimeAdapter` does it. */
export class RealtimeIoAdapter extends IoAdapter {
  constructor(
    private readonly app: INestApplicationContext,
    private readonly corsOrigins: readonly string[],
  ) {
    super(app);
  }

  override createIOServer(port: number, options: Partial<ServerOptions> = {}): Server {
    const adapter = this.app.get(RealtimeAdapter).create();
    return super.createIOServer(port, {
      ...options,
      ...(adapter === undefined ? {} : { adapter }),
      cors: { origin: [...this.corsOrigins] },
      serveClient: false,
      maxHttpBufferSize: 16_384,
    } as ServerOptions);
  }
}
