import type { TextsOf } from './catalog.ts'

export const webhooks: TextsOf<'webhooks'> = {}
