import type { TextsOf } from './catalog.ts'

export const apiKeys: TextsOf<'apiKeys'> = {}
