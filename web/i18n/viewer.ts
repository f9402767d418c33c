import { parseLanguageTag } from '../../src/i18n/languages.ts'

/** The language and region of the viewer's browser, for dates. Some browsers return forms that `Intl` rejects, such as `en-US@posix`. */
export const viewerTag: string =
  (typeof navigator === 'undefined' ? null : parseLanguageTag(navigator.language)) ?? 'en'
