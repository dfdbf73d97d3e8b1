export * from './access-check.js';
export * from './activity-recorder.js';
export * from './auth-event.js';
export * from './auth-event-buffer.js';
export * from './device-name.js';
export * from './event-month.js';
export {
  AuthEventHistory,
  AuthEventLog,
  AuthEventPartitions,
  EndedSessions,
  type RecordedEvent,
} from './postgres/index.js';
export * from './projection-name.js';
export * from './refresh-rotation.js';
export type { RevocationCause } from './revoker.js';
export * from './session-policy.js';
export * from './session.js';
export * from './session-revocations.js';
export * from './session-store.js';
export * from './sessions.errors.js';
export * from './sessions.module.js';
export * from './sessions.options.js';
export * from './sessions.service.js';
export * from './token-blacklist.js';
