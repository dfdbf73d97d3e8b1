import { Histogram, Registry } from 'prom-client';
import { SeriesHistogram } from './series-histogram.js';

const CONFIGURATION = {
  name: 'seconds',
  help: 'Time.',
  labelNames: ['route', 'status'] as const,
  buckets: [0.1, 1, 5],
};
const VALUES = [0, 0.1, 0.1001, 1, 4, 5, 5.5, 1000];

describe('a histogram of series', () => {
  it('writes what one of prom-client writes', async () => {
    const [ours, theirs] = [new Registry(), new Registry()];
    const series = new SeriesHistogram({ ...CONFIGURATION, labelNames: ['route', 'status'], registers: [ours] });
    const plain = new Histogram({ ...CONFIGURATION, labelNames: ['route', 'status'], registers: [theirs] });
    for (const labels of [
      { route: '/a "quoted"', status: 200 },
      { route: '/b', status: 404 },
    ]) {
      const one = series.series(labels);
      for (const value of VALUES) {
        one.observe(value);
        plain.observe(labels, value);
      }
    }
    expect(sorted(await ours.metrics())).toEqual(sorted(await theirs.metrics()));
    expect(await ours.metrics()).toContain('le="+Inf"');
  });

  it('has nothing to say before it was told anything', async () => {
    const registry = new Registry();
    const { name } = new SeriesHistogram({
      ...CONFIGURATION,
      labelNames: ['route', 'status'],
      registers: [registry],
    }) as {
      readonly name?: string;
    };
    expect(name).toBe('seconds');
    expect(await registry.metrics()).toBe('# HELP seconds Time.\n# TYPE seconds histogram\n');
  });
});

function sorted(text: string): string[] {
  return text.split('\n').map(withLabelsInOrder).toSorted();
}

function withLabelsInOrder(line: string): string {
  return line.replace(/\{(.*)\}/, (_, labels: string) => `{${labels.split(',').toSorted().join(',')}}`);
}
