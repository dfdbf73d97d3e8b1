import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ContractCase } from '@app/contract';
import { Server, type Socket } from 'socket.io';
import { io, type Socket as Client } from 'socket.io-client';
import type { RealtimeAdapter } from '../realtime-adapter.js';

const DEADLINE_MS = 5000;

/** A socket server with clients in rooms, over one adapter. */
class Instance {
  private readonly clients: Client[] = [];

  private constructor(
    readonly server: Server,
    private readonly http: HttpServer,
    private readonly adapter: RealtimeAdapter,
  ) {}

  static async start(adapter: RealtimeAdapter): Promise<Instance> {
    const http = createServer().listen(0, '127.0.0.1');
    await once(http, 'listening');
    const made = adapter.create();
    const server = new Server(http, made === undefined ? {} : { adapter: made });
    server.on('connection', (socket: Socket) => void socket.join(socket.handshake.auth['room'] as string));
    return new Instance(server, http, adapter);
  }

  /** A client in `room`, and what it hears. */
  async join(room: string): Promise<{ client: Client; heard: unknown[] }> {
    const { port } = this.http.address() as AddressInfo;
    const client = io(`http://127.0.0.1:${port}`, { auth: { room }, transports: ['websocket'], reconnection: false });
    this.clients.push(client);
    const heard: unknown[] = [];
    client.on('news', (news) => heard.push(news));
    await new Promise<void>((resolve, reject) => {
      client.once('connect', resolve);
      client.once('connect_error', reject);
    });
    await until(() => this.server.sockets.adapter.rooms.has(room));
    return { client, heard };
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.disconnect();
    await this.server.close();
    await this.adapter.close();
  }
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!holds()) {
    assert.ok(Date.now() < deadline, 'waited too long');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

type Create = () => Promise<RealtimeAdapter>;
type Check = (here: Instance, there: Instance) => Promise<void>;

/** What every `RealtimeAdapter` must do for the sockets of one instance. */
export function realtimeAdapterContract(create: Create): ContractCase[] {
  return casesOf(async (check) => {
    const instance = await Instance.start(await create());
    try {
      await check(instance, instance);
    } finally {
      await instance.stop();
    }
  });
}

/** What an adapter of several instances must do: the same, from one to the other. */
export function sharedRealtimeAdapterContract(create: Create): ContractCase[] {
  return casesOf(async (check) => {
    const [here, there] = await Promise.all([Instance.start(await create()), Instance.start(await create())]);
    try {
      await untilConnected(here, there);
      await check(here, there);
    } finally {
      await Promise.all([here.stop(), there.stop()]);
    }
  });
}

/** A stream is read from when its reader has begun: say something until it is heard. */
async function untilConnected(here: Instance, there: Instance): Promise<void> {
  const { client, heard } = await there.join('handshake');
  await until(() => {
    if (heard.length === 0) here.server.to('handshake').emit('news', 'hello');
    return heard.length > 0;
  });
  client.disconnect();
}

function casesOf(run: (check: Check) => Promise<void>): ContractCase[] {
  const at = (name: string, check: Check): ContractCase => ({ name, run: () => run(check) });
  return [
    at('brings an event to every socket of a room, and to no other', async (here, there) => {
      const [first, second, other] = [await there.join('a'), await there.join('a'), await there.join('b')];
      here.server.to('a').emit('news', 1);
      here.server.to('b').emit('news', 'end');
      await until(() => first.heard.length > 0 && second.heard.length > 0 && other.heard.length > 0);
      assert.deepEqual([first.heard, second.heard, other.heard], [[1], [1], ['end']]);
    }),
    at('keeps the order in which one instance speaks', async (here, there) => {
      const { heard } = await there.join('order');
      for (let i = 0; i < 50; i += 1) here.server.to('order').emit('news', i);
      await until(() => heard.length === 50);
      assert.deepEqual(
        heard,
        Array.from({ length: 50 }, (_, index) => index),
      );
    }),
    at('closes every socket of a room, and no other', async (here, there) => {
      const [first, second, other] = [await there.join('end'), await there.join('end'), await there.join('stay')];
      here.server.in('end').disconnectSockets(true);
      await until(() => first.client.disconnected && second.client.disconnected);
      assert.equal(other.client.connected, true);
    }),
  ];
}
