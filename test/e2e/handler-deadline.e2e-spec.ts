import { Controller, Get, Module } from '@nestjs/common';
import { Public } from '@app/http';
import { eventually } from '../support/eventually.js';
import { ApiClient } from '../support/api-client.js';
import { expectProblem } from '../support/problem.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const answered: string[] = [];

@Public()
@Controller('slow')
class SlowController {
  @Get('forever')
  forever(): Promise<never> {
    return new Promise(() => undefined);
  }

  @Get('late')
  async late() {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    answered.push('late');
    return { late: true };
  }

  @Get('in-time')
  async inTime() {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { late: false };
  }
}

@Module({ controllers: [SlowController] })
class SlowModule {}

describe('a handler that takes longer than REQUEST_TIMEOUT', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ mode: 'memory', environment: { REQUEST_TIMEOUT: '1s' }, features: [SlowModule] });
  });
  afterAll(() => app.stop());

  it('is answered for, with 503 and when to come back', async () => {
    const started = Date.now();
    const answer = await new ApiClient(app.url).call('get', 'slow/forever');
    expectProblem(answer, 503, 'server.unavailable');
    expect(answer.headers['retry-after']).toBe('1');
    expect(Date.now() - started).toBeGreaterThanOrEqual(990);
    expect(Date.now() - started).toBeLessThan(5000);
  });

  it('changes nothing when it ends after that', async () => {
    expectProblem(await new ApiClient(app.url).call('get', 'slow/late'), 503, 'server.unavailable');
    await eventually(() => expect(answered).toEqual(['late']));
    await new ApiClient(app.url).call('get', 'slow/in-time').expect(200, { late: false });
  });
});
