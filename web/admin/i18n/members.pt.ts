import type { TextsOf } from './catalog.ts'

export const members: TextsOf<'members'> = {}
