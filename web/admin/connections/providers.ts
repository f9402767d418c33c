/** A CalDAV provider: its brand, the address of its server, and its page for app passwords. */
export type CalDavProvider = { brand: string; url: string; example: string; appPasswords: string | null }

/** The providers that the form knows, in the order of the list. */
export const calDavProviders = {
  icloud: {
    brand: 'iCloud',
    url: 'https://caldav.icloud.com',
    example: 'https://caldav.icloud.com',
    appPasswords: 'https://account.apple.com/account/manage',
  },
  fastmail: {
    brand: 'Fastmail',
    url: 'https://caldav.fastmail.com',
    example: 'https://caldav.fastmail.com',
    appPasswords: 'https://app.fastmail.com/settings/security',
  },
  nextcloud: {
    brand: 'Nextcloud',
    url: '',
    example: 'https://cloud.example.com/remote.php/dav',
    appPasswords: null,
  },
  mailbox: {
    brand: 'mailbox.org',
    url: 'https://dav.mailbox.org',
    example: 'https://dav.mailbox.org',
    appPasswords: 'https://office.mailbox.org',
  },
} satisfies Record<string, CalDavProvider>

export type ProviderName = keyof typeof calDavProviders | 'other'

/** Returns a known provider. Returns null for any other server. */
export const providerNamed = (name: ProviderName): CalDavProvider | null =>
  name === 'other' ? null : calDavProviders[name]

/** Returns the brand of a provider at which members sign in. Undefined for addresses and CalDAV accounts. */
export const brandOf = (provider: string): string | undefined =>
  new Map([
    ['google', 'Google'],
    ['microsoft', 'Microsoft'],
  ]).get(provider)
