import type { Mailbox } from '../platform/mailer.ts'
import type { Secrets } from '../platform/secrets.ts'
import { outgoingMail, type RenderOptions, renderMail } from './mail.ts'
import type { NoticeMailContent } from './mail-content.ts'
import type { Brand } from './mail-layout.ts'

/** A stored account email. `content` is encrypted. */
export interface StoredAccountMail {
  id: number
  token: string
  content: Uint8Array
  created_at: string
}

/** The decrypted form of `content`. */
interface Sealed {
  to: Mailbox
  content: NoticeMailContent
  /** Missing in emails that are older than this field. */
  brand?: Brand | null
}

/** The sender's name in the texts. An account belongs to the server, not to one of the person's organizations. */
const PRODUCT = 'Bookbell'

const BRAND: Brand = { name: PRODUCT, color: null, logoUrl: null, language: null }

/** Renders an email for the mail server. Throws if none of the server's secrets can decrypt it. */
export function composeAccountMail(
  row: StoredAccountMail,
  { secrets, ...options }: Omit<RenderOptions, 'brand'> & { secrets: Secrets },
) {
  const { brand, ...mail } = queued(row, secrets)
  return outgoingMail(mail, { ...options, brand, product: PRODUCT })
}

/** Renders an email as text, for the server administrator. */
export function showAccountMail(row: StoredAccountMail, { secrets, url }: { secrets: Secrets; url: string }) {
  const createdAt = row.created_at
  try {
    const { brand, ...mail } = queued(row, secrets)
    const { subject, text } = renderMail(mail, { url, brand, product: PRODUCT, sender: { name: '', address: '' } })
    return { createdAt, to: mail.to.address, subject, text }
  } catch {
    const text = 'This email can no longer be read, because BOOKBELL_SECRET has changed.\n'
    return { createdAt, to: 'unknown', subject: 'unknown', text }
  }
}

function queued({ id, token, content, created_at }: StoredAccountMail, secrets: Secrets) {
  const opened: Sealed = JSON.parse(secrets.decrypt(content))
  return { organization: 0, id, token, ...opened, brand: opened.brand ?? BRAND, createdAt: Date.parse(created_at) }
}
