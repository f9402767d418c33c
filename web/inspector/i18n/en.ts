import type { Plural, TranslationOf } from '../../../src/i18n/messages.ts'

/** The texts of an inspector's page. */
export const en = {
  title: 'Inspector',
  title_count: '({count}) Inspector',
  received: { one: '{count} request received. {last}', other: '{count} requests received. {last}' } as Plural,
  live: 'Live',
  connecting: 'Connecting…',
  list: 'Requests, newest first',
  request_of: '{method} request',
  valid: 'Signature valid',
  invalid: 'Signature invalid',
  unsigned: 'Not signed',
  valid_text: 'Signed by a webhook of this organization that points here. The body was not changed in transit.',
  invalid_text:
    'The signature does not match any webhook that points here. The secret or the body differs, or the timestamp is too old.',
  unsigned_text: 'There is no webhook-signature header, so anyone could have sent this request.',
  summary: '{time} · {size} · responded {status}',
  copy_curl: 'Copy as curl',
  body: 'Body',
  copy_body: 'Copy body',
  headers: 'Headers',
  copy_headers: 'Copy headers',
  empty_body: 'The body is empty.',
  cut: 'Only the first part of the {size} is stored.',
  waiting: 'Waiting for the first request',
  waiting_text:
    'Point a webhook at this inspector, then book a meeting. Requests appear here immediately, with their headers, their body and the result of the signature check.',
  missing: 'Inspector not found',
  missing_text: 'The URL may be incomplete, or the inspector was deleted.',
  failed: 'Could not load the requests',
}

export type InspectorTexts = TranslationOf<typeof en>
