import type { TranslationOf } from '../../../src/i18n/messages.ts'
import type { PartsKey } from '../../i18n/parts.en.ts'
import type { en } from './en.ts'

type English = typeof en
type Area = keyof English

/** What a language must contain for one area of the admin: every text of the English catalogue. */
export type TextsOf<Name extends Area> = TranslationOf<English[Name]>

/** What a language must contain. */
export type AdminTexts = { [Name in Area]: TextsOf<Name> }

/** The name of a text: its area and its name within it, such as `meetings.approve`, or the name of a text that all pages share. */
export type AdminKey = PartsKey | { [Name in Area]: `${Name}.${keyof English[Name] & string}` }[Area]
