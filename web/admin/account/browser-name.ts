import type { AdminText } from '../i18n/text.ts'

const browsers = [
  ['Edge', /Edg[A-Z]*\//],
  ['Opera', /OPR\//],
  ['Firefox', /Firefox\/|FxiOS\//],
  ['Chrome', /Chrome\/|CriOS\/|Chromium\//],
  ['Safari', /Safari\//],
] as const

const systems = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux/],
] as const

/** Returns the browser and operating system of a User-Agent header in words: `Firefox on Windows`. */
export function browserName(userAgent: string | null, t: AdminText['t']): string {
  if (!userAgent) return t('account.unknown_browser')
  const browser = browsers.find(([, pattern]) => pattern.test(userAgent))?.[0]
  const system = systems.find(([, pattern]) => pattern.test(userAgent))?.[0]
  if (!browser) return userAgent.slice(0, 60)
  return system ? t('account.browser_on', { browser, system }) : browser
}
