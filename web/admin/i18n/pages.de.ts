import type { TextsOf } from './catalog.ts'

export const pages: TextsOf<'pages'> = {}
