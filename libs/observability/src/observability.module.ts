import { Global, Module } from '@nestjs/common';
import { HealthRegistry } from './health-registry.js';
import { HealthController, MetricsController } from './http/index.js';
import { Metrics } from './metrics.js';

@Global()
@Module({
  controllers: [HealthController, MetricsController],
  providers: [HealthRegistry, Metrics],
  exports: [HealthRegistry, Metrics],
})
export class ObservabilityModule {}
