import type { AdminText } from '../i18n/text.ts'

/** Formats a number of minutes as `1 day`, `2 hours` or `15 minutes`. */
export function durationText(minutes: number, t: AdminText['t']): string {
  if (minutes % 1440 === 0) return t('meetingTypes.days', { count: minutes / 1440 })
  if (minutes % 60 === 0) return t('meetingTypes.hours', { count: minutes / 60 })
  return t('meetingTypes.minutes', { count: minutes })
}
