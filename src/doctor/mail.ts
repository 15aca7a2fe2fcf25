import type { Config } from '../config.ts';
import { openMailer, plainMail } from '../node/mail.ts';
import { type Finding, findingsOn, reasonOf } from './findings.ts';

const { ok, warn, wrong } = findingsOn('mail');

/** Whether the transport can be reached and takes the password or key. No mail is sent. */
export async function checkMail(config: Config): Promise<Finding[]> {
  const plain = plainMail(config);
  const risky = plain === null ? [] : [warn(`${plain.charAt(0).toUpperCase()}${plain.slice(1)}.`)];
  const mailer = await openMailer(config);
  if (mailer === null) return [];
  try {
    return [ok(await mailer.check()), ...risky];
  } catch (error) {
    const reason = reasonOf(error);
    return [wrong(`The transport does not take mail: ${reason}. See MAIL_URL.`), ...risky];
  } finally {
    await mailer.close();
  }
}
