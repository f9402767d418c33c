import type { TextsOf } from './catalog.ts'

export const inspectors: TextsOf<'inspectors'> = {}
