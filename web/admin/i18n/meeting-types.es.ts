import type { TextsOf } from './catalog.ts'

export const meetingTypes: TextsOf<'meetingTypes'> = {}
