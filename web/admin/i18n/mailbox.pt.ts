import type { TextsOf } from './catalog.ts'

export const mailbox: TextsOf<'mailbox'> = {}
