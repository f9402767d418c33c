import type { TextsOf } from './catalog.ts'

export const meetings: TextsOf<'meetings'> = {}
