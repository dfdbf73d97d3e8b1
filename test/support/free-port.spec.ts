import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort } from './free-port.js';

describe('freePort', () => {
  it('gives a port that can be listened on, outside the range of outgoing connections', async () => {
    const port = await freePort();
    expect(port).toBeLessThan(32_768);
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
  });

  it('gives different ports to callers at the same time', async () => {
    const ports = await Promise.all(Array.from({ length: 5 }, freePort));
    expect(new Set(ports).size).toBeGreaterThan(1);
  });
});
