import { Module } from '@nestjs/common';
import { AccessCheck } from './access-check.js';
import { ActivityRecorder } from './activity-recorder.js';
import { SessionsController } from './http/index.js';
import { SessionLedger } from './postgres/index.js';
import { RefreshRotation } from './refresh-rotation.js';
import { RefreshTokens } from './refresh-token.js';
import { Revoker } from './revoker.js';
import { SessionRevocations } from './session-revocations.js';
import { ConfigurableModuleClass } from './sessions.module-definition.js';
import { SessionsService } from './sessions.service.js';

@Module({
  controllers: [SessionsController],
  providers: [
    AccessCheck,
    ActivityRecorder,
    RefreshRotation,
    RefreshTokens,
    Revoker,
    SessionLedger,
    SessionRevocations,
    SessionsService,
  ],
  exports: [AccessCheck, ActivityRecorder, RefreshRotation, SessionRevocations, SessionsService],
})
export class SessionsModule extends ConfigurableModuleClass {}
