import type { TextsOf } from './catalog.ts'

export const shell: TextsOf<'shell'> = {}
