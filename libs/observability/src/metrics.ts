import { Injectable } from '@nestjs/common';
import {
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  Registry,
  type CounterConfiguration,
  type GaugeConfiguration,
  type HistogramConfiguration,
} from 'prom-client';
import { SeriesHistogram } from './series-histogram.js';

type Unregistered<Configuration> = Omit<Configuration, 'registers'>;

/** The process's Prometheus metrics; each application instance has its own registry. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  counter<Label extends string>(configuration: Unregistered<CounterConfiguration<Label>>): Counter<Label> {
    return new Counter({ ...configuration, registers: [this.registry] });
  }

  gauge<Label extends string>(configuration: Unregistered<GaugeConfiguration<Label>>): Gauge<Label> {
    return new Gauge({ ...configuration, registers: [this.registry] });
  }

  histogram<Label extends string>(configuration: Unregistered<HistogramConfiguration<Label>>): Histogram<Label> {
    return new Histogram({ ...configuration, registers: [this.registry] });
  }

  /** One whose series are looked up once, for the way of every request. */
  seriesHistogram<Label extends string>(
    configuration: Unregistered<HistogramConfiguration<Label>> & { readonly buckets: number[] },
  ): SeriesHistogram<Label> {
    return new SeriesHistogram({ ...configuration, registers: [this.registry] });
  }

  /** Everything, in the Prometheus text format. */
  render(): Promise<string> {
    return this.registry.metrics();
  }

  get contentType(): string {
    return this.registry.contentType;
  }
}
