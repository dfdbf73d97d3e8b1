import { HealthRegistry, Metrics } from '@app/observability';
import { Logger, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ConfigurableModuleClass, DATABASE_OPTIONS } from './database.module-definition.js';
import type { DatabaseOptions } from './database.options.js';
import { Database } from './database.js';
import { connect } from './postgres/index.js';

const HEALTH_TIMEOUT_MS = 1500;

@Module({
  providers: [
    {
      provide: Database,
      inject: [DATABASE_OPTIONS],
      useFactory: async (options: DatabaseOptions) => {
        const logger = new Logger('Database');
        const database = await connect(options, (reason) => logger.warn(`Waiting for Postgres: ${reason}`));
        if (options.migrateOnStart) {
          const applied = await database.migrate();
          if (applied.length > 0) logger.log(`Applied ${applied.length} migrations`);
        }
        return database;
      },
    },
  ],
  exports: [Database],
})
export class DatabaseModule extends ConfigurableModuleClass implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    private readonly health: HealthRegistry,
    private readonly metrics: Metrics,
  ) {
    super();
  }

  onModuleInit(): void {
    const { database } = this;
    this.health.register({ name: 'database', timeoutMs: HEALTH_TIMEOUT_MS, check: () => database.query('SELECT 1') });
    this.health.register({ name: 'migrations', timeoutMs: HEALTH_TIMEOUT_MS, check: () => refusePending(database) });
    this.metrics.gauge({
      name: 'database_pool_connections',
      help: 'Database connections by state.',
      labelNames: ['state'],
      collect() {
        for (const [state, count] of Object.entries(database.poolState())) this.set({ state }, count);
      },
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}

async function refusePending(database: Database): Promise<void> {
  if (await database.hasPendingMigrations()) throw new Error('Migrations are pending: run npm run migrate');
}
