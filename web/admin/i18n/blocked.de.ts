import type { TextsOf } from './catalog.ts'

export const blocked: TextsOf<'blocked'> = {}
