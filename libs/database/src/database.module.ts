import { Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ConfigurableModuleClass, DATABASE_OPTIONS } from './database.module-definition.js';
import type { DatabaseOptions } from './database.options.js';
import { Database } from './database.js';
import { connect } from './postgres/index.js';

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
export class DatabaseModule extends ConfigurableModuleClass implements OnApplicationShutdown {
  constructor(private readonly database: Database) {
    super();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
