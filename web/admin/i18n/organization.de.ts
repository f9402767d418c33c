import type { TextsOf } from './catalog.ts'

export const organization: TextsOf<'organization'> = {}
