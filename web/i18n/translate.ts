import type { Translate as TranslateKey } from '../../src/i18n/messages.ts'
import type { MessageKey } from './en.ts'

export { translator } from '../../src/i18n/messages.ts'

export type Translate = TranslateKey<MessageKey>
