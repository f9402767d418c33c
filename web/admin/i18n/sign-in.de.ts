import type { TextsOf } from './catalog.ts'

export const signIn: TextsOf<'signIn'> = {}
