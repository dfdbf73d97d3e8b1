import { Module } from '@nestjs/common';
import { ConfigurableModuleClass } from './realtime.module-definition.js';
import { SocketAuthenticator } from './socket-authenticator.js';
import { TimeLeftTicker } from './time-left-ticker.js';
import { RealtimeGateway } from './ws/index.js';

@Module({ providers: [RealtimeGateway, SocketAuthenticator, TimeLeftTicker] })
export class RealtimeModule extends ConfigurableModuleClass {}
