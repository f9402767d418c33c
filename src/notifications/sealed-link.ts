import type { Secrets } from '../platform/secrets.ts'
import type { MailContent } from './mail-content.ts'

/** Marks a link that is stored encrypted. Links stored by older versions are in plain text. */
const SEALED = 'sealed:'

/** Encrypts an email's link, so that someone who reads the database or a backup cannot act as the recipient. */
export function sealLink<T extends MailContent>(content: T, secrets: Secrets): T {
  return withLink(content, (link) => SEALED + secrets.encrypt(link).toString('base64'))
}

/** Decrypts an email's link. The link is empty if it was erased or if the server's secret has changed. */
export function openLink<T extends MailContent>(content: T, secrets: Secrets): T {
  return withLink(content, (link) => (link.startsWith(SEALED) ? decrypt(link.slice(SEALED.length), secrets) : link))
}

/** Returns whether an email still has its link, without which it would be useless. */
export function hasLink(content: MailContent): boolean {
  return content.kind !== 'notice' || !('link' in content.notice) || content.notice.link !== ''
}

function withLink<T extends MailContent>(content: T, change: (link: string) => string): T {
  if (content.kind !== 'notice' || !('link' in content.notice)) return content
  return { ...content, notice: { ...content.notice, link: change(content.notice.link) } }
}

function decrypt(text: string, secrets: Secrets): string {
  try {
    return secrets.decrypt(Buffer.from(text, 'base64'))
  } catch {
    return ''
  }
}
