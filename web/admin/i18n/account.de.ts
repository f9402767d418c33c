import type { TextsOf } from './catalog.ts'

export const account: TextsOf<'account'> = {}
