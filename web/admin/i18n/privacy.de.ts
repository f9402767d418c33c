import type { TextsOf } from './catalog.ts'

export const privacy: TextsOf<'privacy'> = {}
