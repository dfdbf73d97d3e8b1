import { Module } from '@nestjs/common';
import { AccessCheck } from './access-check.js';
import { ActivityRecorder } from './activity-recorder.js';
import { SecurityEventsController, SessionsController } from './http/index.js';
import { AuthEventBuffer } from './auth-event-buffer.js';
import {
  AuthEventHistory,
  AuthEventLog,
  AuthEventPartitions,
  EndedSessions,
  RevocationLog,
  SessionLedger,
} from './postgres/index.js';
import { ProjectionName } from './projection-name.js';
import { RefreshRotation } from './refresh-rotation.js';
import { RefreshTokens } from './refresh-token.js';
import { RevocationFeed } from './revocation-feed.js';
import { RevocationView } from './revocation-view.js';
import { Revoker } from './revoker.js';
import { SessionRevocations } from './session-revocations.js';
import { ConfigurableModuleClass } from './sessions.module-definition.js';
import { SessionsService } from './sessions.service.js';

@Module({
  controllers: [SecurityEventsController, SessionsController],
  providers: [
    AccessCheck,
    ActivityRecorder,
    AuthEventBuffer,
    AuthEventHistory,
    AuthEventLog,
    AuthEventPartitions,
    EndedSessions,
    RefreshRotation,
    RefreshTokens,
    RevocationFeed,
    RevocationLog,
    RevocationView,
    Revoker,
    { provide: ProjectionName, useExisting: RevocationFeed },
    SessionLedger,
    SessionRevocations,
    SessionsService,
  ],
  exports: [
    AccessCheck,
    ActivityRecorder,
    AuthEventBuffer,
    AuthEventHistory,
    AuthEventLog,
    AuthEventPartitions,
    EndedSessions,
    RefreshRotation,
    SessionRevocations,
    SessionsService,
  ],
})
export class SessionsModule extends ConfigurableModuleClass {}
