import type { Translate as TranslateKey } from '../../src/i18n/messages.ts'
import type { MessageKey } from './en.ts'

export { translator } from '../../src/i18n/messages.ts'

/** Returns a text from the booking pages, or from another catalogue with the keys `Key`. */
export type Translate<Key extends string = MessageKey> = TranslateKey<Key>
