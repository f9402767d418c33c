import type { TextsOf } from './catalog.ts'

export const tags: TextsOf<'tags'> = {}
