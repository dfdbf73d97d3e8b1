export { EmbeddedPostgres } from '@app/database/embedded';
