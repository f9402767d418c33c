import { domainToASCII } from 'node:url'
import { mailboxKey } from '../budgets/budget.ts'
import { isEmail } from '../platform/email.ts'

/**
 * Returns the stored form of an address or a domain. Returns undefined if the text is neither. All spellings of a mailbox have
 * the same form.
 */
export function normalizeBlocked(value: string): { kind: 'address' | 'domain'; value: string } | undefined {
  const text = value.trim().toLowerCase()
  if (isEmail(text)) return { kind: 'address', value: addressForm(text) }
  return isEmail(`someone@${text}`) ? { kind: 'domain', value: asciiDomain(text) } : undefined
}

/** Returns the blocked addresses and domains that would block this email address. A domain also blocks its subdomains. */
export function blockingForms(email: string): { address: string; domains: string[] } {
  const address = addressForm(email)
  const labels = asciiDomain(email.slice(email.lastIndexOf('@') + 1)).split('.')
  return { address, domains: labels.slice(0, -1).map((_, index) => labels.slice(index).join('.')) }
}

/**
 * Returns whether an address or a domain would block this email address, including other spellings of the mailbox, and
 * subdomains.
 */
export function coversAddress(value: string, email: string): boolean {
  const wanted = normalizeBlocked(value)
  const forms = blockingForms(email)
  return wanted?.kind === 'domain' ? forms.domains.includes(wanted.value) : forms.address === wanted?.value
}

function addressForm(email: string): string {
  const mailbox = mailboxKey(email)
  const at = mailbox.lastIndexOf('@')
  return `${mailbox.slice(0, at)}@${asciiDomain(mailbox.slice(at + 1))}`
}

/** `müller.de` and `xn--mller-kva.de` are the same domain. */
function asciiDomain(domain: string): string {
  return domainToASCII(domain.toLowerCase()) || domain.toLowerCase()
}
