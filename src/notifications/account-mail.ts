import type { Mailbox } from '../platform/mailer.ts'
import type { Secrets } from '../platform/secrets.ts'
import { outgoingMail, type RenderOptions, renderMail } from './mail.ts'
import type { NoticeMailContent } from './mail-content.ts'

/** A stored email about an account. `content` is encrypted. */
export interface StoredAccountMail {
  id: number
  token: string
  content: Uint8Array
  created_at: string
}

/** What `content` contains. */
interface Sealed {
  to: Mailbox
  content: NoticeMailContent
}

/** Emails about accounts show the program's name, because they do not belong to an organization. */
const BRAND = { name: 'Bookbell', color: null, logoUrl: null }

/** Renders an email for the mail server. Throws if none of the server's secrets can decrypt it. */
export function composeAccountMail(
  row: StoredAccountMail,
  { secrets, ...options }: Omit<RenderOptions, 'brand'> & { secrets: Secrets },
) {
  return outgoingMail(queued(row, secrets), { ...options, brand: BRAND })
}

/** Renders an email as text, for the person who runs the server. */
export function showAccountMail(row: StoredAccountMail, { secrets, url }: { secrets: Secrets; url: string }) {
  const createdAt = row.created_at
  try {
    const mail = queued(row, secrets)
    const { subject, text } = renderMail(mail, { url, brand: BRAND, sender: { name: '', address: '' } })
    return { createdAt, to: mail.to.address, subject, text }
  } catch {
    const text = 'This email can no longer be read, because BOOKBELL_SECRET has changed.\n'
    return { createdAt, to: 'unknown', subject: 'unknown', text }
  }
}

function queued({ id, token, content, created_at }: StoredAccountMail, secrets: Secrets) {
  const opened: Sealed = JSON.parse(secrets.decrypt(content))
  return { organization: 0, id, token, ...opened, createdAt: Date.parse(created_at) }
}
