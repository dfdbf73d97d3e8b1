export * from './letter.js';
export * from './mail.module.js';
export * from './mail.options.js';
export * from './mail-queue.js';
export * from './mailer.js';
