import { startServices } from './services.js';

describe('startServices', () => {
  it('starts nothing that the environment names', async () => {
    const services = await startServices({
      DATABASE_URL: 'postgres://somebody@db.example/theirs',
      REDIS_ADDR: 'redis.example:6379',
    });
    expect(services.databaseUrl).toBe('postgres://somebody@db.example/theirs');
    expect(services.redisAddr).toBe('redis.example:6379');
    await services.stop();
  });

  it('starts only what the environment does not name', async () => {
    const services = await startServices({ DATABASE_URL: 'postgres://somebody@db.example/theirs' });
    expect(services.redisAddr).toMatch(/^127\.0\.0\.1:\d+$/);
    await services.stop();
  });
});
