import { Module } from '@nestjs/common';
import { ConfigurableModuleClass } from './mail.module-definition.js';
import { MAIL_OPTIONS } from './mail.options.js';
import { MailQueue } from './mail-queue.js';
import { Mailer } from './mailer.js';

@Module({ providers: [MailQueue], exports: [MAIL_OPTIONS, Mailer, MailQueue] })
export class MailModule extends ConfigurableModuleClass {}
