import type { TranslationOf } from '../../../src/i18n/messages.ts'
import type { PartsKey } from '../../i18n/parts.en.ts'
import type { en } from './en.ts'

type English = typeof en
type Area = keyof English

/** The texts that a language must contain for one area of the admin: every text in the English catalogue. */
export type TextsOf<Name extends Area> = TranslationOf<English[Name]>

/** The texts that a language must contain. */
export type AdminTexts = { [Name in Area]: TextsOf<Name> }

/**
 * A text's name: its area and its name within the area, such as `meetings.approve`, or the name of a text that all pages share.
 */
export type AdminKey = PartsKey | { [Name in Area]: `${Name}.${keyof English[Name] & string}` }[Area]
