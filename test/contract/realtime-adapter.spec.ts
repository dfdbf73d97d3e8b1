import { RealtimeAdapter, type SocketAdapter } from '@app/realtime';
import { MemoryRealtimeAdapter } from '@app/realtime/memory';
import { RedisRealtimeAdapter } from '@app/realtime/redis';
import { realtimeAdapterContract, sharedRealtimeAdapterContract } from '@app/realtime/testing';
import { Server, type Namespace } from 'socket.io';
import { RedisServer } from '../support/redis-server.js';
import { failuresOf } from './contract-runs.js';

type RoomAdapter = Namespace['adapter'];
type MakeAdapter = (namespace: Namespace) => RoomAdapter;

/** The rooms that socket.io keeps in one process. */
const BuiltIn = new Server().sockets.adapter.constructor as new (namespace: Namespace) => RoomAdapter;

const reaching = (make: MakeAdapter) =>
  new (class extends RealtimeAdapter {
    create() {
      // socket.io calls it with `new`, which no arrow function takes.
      return function (namespace: Namespace) {
        return make(namespace);
      } as unknown as SocketAdapter;
    }
    async close() {
      // Nothing is held.
    }
  })();

const builtInWith = (flaw: (adapter: RoomAdapter) => void) => async () =>
  reaching((namespace) => {
    const adapter = new BuiltIn(namespace);
    flaw(adapter);
    return adapter;
  });

describe('MemoryRealtimeAdapter', () => {
  for (const { name, run } of realtimeAdapterContract(async () => new MemoryRealtimeAdapter())) it(name, run);
});

describe('the realtime contract catches', () => {
  it('nothing in the built-in adapter while it has no flaw', async () => {
    expect(await failuresOf(realtimeAdapterContract(builtInWith(() => undefined)))).toEqual([]);
  });

  it('an adapter whose disconnect reaches nobody', async () => {
    const deaf = builtInWith((adapter) => {
      adapter.disconnectSockets = () => undefined;
    });
    expect(await failuresOf(realtimeAdapterContract(deaf))).toEqual(['closes every socket of a room, and no other']);
  });

  it('an adapter whose disconnect closes everybody', async () => {
    const harsh = builtInWith((adapter) => {
      const disconnect = adapter.disconnectSockets.bind(adapter);
      adapter.disconnectSockets = (options, close) => disconnect({ ...options, rooms: new Set() }, close);
    });
    expect(await failuresOf(realtimeAdapterContract(harsh))).toEqual(['closes every socket of a room, and no other']);
  });

  it('an adapter that leaks to other rooms', async () => {
    const leaking = builtInWith((adapter) => {
      const broadcast = adapter.broadcast.bind(adapter);
      adapter.broadcast = (packet, options) => broadcast(packet, { ...options, rooms: new Set() });
    });
    expect(await failuresOf(realtimeAdapterContract(leaking))).toEqual([
      'brings an event to every socket of a room, and to no other',
    ]);
  });

  it('an adapter that loses the order', async () => {
    const shuffling = builtInWith((adapter) => {
      const broadcast = adapter.broadcast.bind(adapter);
      adapter.broadcast = (packet: { readonly data: unknown[] }, options) => {
        const late = typeof packet.data[1] === 'number' && packet.data[1] % 2 === 0;
        setTimeout(() => broadcast(packet, options), late ? 30 : 0);
      };
    });
    expect(await failuresOf(realtimeAdapterContract(shuffling))).toContain(
      'keeps the order in which one instance speaks',
    );
  });
});

describe('with a real Redis,', () => {
  let server: RedisServer;
  const create = async () => new RedisRealtimeAdapter({ addr: server.addr });

  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.stop());

  describe('RedisRealtimeAdapter, on one instance,', () => {
    for (const { name, run } of realtimeAdapterContract(create)) it(name, run);
  });

  describe('RedisRealtimeAdapter, from one instance to another,', () => {
    for (const { name, run } of sharedRealtimeAdapterContract(create)) it(name, run);
  });

  describe('the contract of several instances catches', () => {
    it('an adapter that stays within its process', async () => {
      const [news] = sharedRealtimeAdapterContract(async () => new MemoryRealtimeAdapter());
      await expect(news?.run()).rejects.toThrow('waited too long');
    });

    it('an adapter whose disconnect reaches only its own sockets', async () => {
      class Shortsighted extends RedisRealtimeAdapter {
        override create() {
          const make = super.create() as unknown as MakeAdapter;
          return function (namespace: Namespace) {
            const adapter = make(namespace);
            adapter.disconnectSockets = BuiltIn.prototype.disconnectSockets as RoomAdapter['disconnectSockets'];
            return adapter;
          } as unknown as SocketAdapter;
        }
      }
      const cases = sharedRealtimeAdapterContract(async () => new Shortsighted({ addr: server.addr }));
      expect(await failuresOf(cases)).toEqual(['closes every socket of a room, and no other']);
    });
  });

  it('lets go of its connections though Redis is gone', async () => {
    const lost = await RedisServer.start();
    const adapter = new RedisRealtimeAdapter({ addr: lost.addr });
    await lost.stop();
    const startedAt = performance.now();
    await adapter.close();
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
