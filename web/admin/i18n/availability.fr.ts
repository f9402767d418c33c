import type { TextsOf } from './catalog.ts'

export const availability: TextsOf<'availability'> = {}
