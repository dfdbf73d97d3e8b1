export { SmtpMailer } from '@app/mail/smtp';
