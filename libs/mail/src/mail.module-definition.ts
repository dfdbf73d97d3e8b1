import { ConfigurableModuleBuilder, type Type } from '@nestjs/common';
import { MAIL_OPTIONS, type MailOptions } from './mail.options.js';
import { Mailer } from './mailer.js';
import { OutboxMailer } from './outbox/index.js';

interface MailModuleExtras {
  /** How mail leaves. To the outbox unless given. */
  readonly mailer?: Type<Mailer>;
}

export const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<MailOptions>({
  moduleName: 'Mail',
  optionsInjectionToken: MAIL_OPTIONS,
})
  .setClassMethodName('forRoot')
  .setExtras<MailModuleExtras>({}, (definition, { mailer = OutboxMailer }) => ({
    ...definition,
    global: true,
    providers: [...(definition.providers ?? []), { provide: Mailer, useClass: mailer }],
  }))
  .build();
