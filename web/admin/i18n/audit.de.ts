import type { TextsOf } from './catalog.ts'

export const audit: TextsOf<'audit'> = {}
