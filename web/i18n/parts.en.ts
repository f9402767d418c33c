import type { TranslationOf } from '../../src/i18n/messages.ts'

/**
 * The texts of what all pages share: `web/parts` and the general problems. Part of the catalogue of the booking pages, the
 * admin and the setup page.
 */
export const parts = {
  close: 'Close',
  copied: 'Copied',
  optional: 'optional',
  choose: 'Choose…',
  timezone: 'Time zone',
  change_timezone: 'Change the time zone:',
  search_timezone: 'Search for a city or time zone',
  timezone_none_found: 'No matching time zone.',
  timezone_detected: 'Your device',
  timezones_found: { one: '{count} time zone', other: '{count} time zones' },
  too_many: 'Too many requests. Please wait a moment and try again.',
  network: 'Could not reach the server. Please check your connection and try again.',
  unknown_problem: 'Something went wrong. Please try again.',
}

export type PartsKey = keyof typeof parts
export type PartsTexts = TranslationOf<typeof parts>
