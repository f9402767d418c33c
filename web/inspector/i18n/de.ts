import type { InspectorTexts } from './en.ts'

export const de: InspectorTexts = {
  title: 'Inspektor',
  title_count: '({count}) Inspektor',
  received: { one: '{count} Anfrage empfangen. {last}', other: '{count} Anfragen empfangen. {last}' },
  live: 'Live',
  connecting: 'Wird verbunden …',
  list: 'Anfragen, neueste zuerst',
  request_of: '{method}-Anfrage',
  valid: 'Signatur gültig',
  invalid: 'Signatur ungültig',
  unsigned: 'Nicht signiert',
  valid_text:
    'Signiert von einem Webhook dieser Organisation, der hierher zeigt. Der Inhalt wurde unterwegs nicht verändert.',
  invalid_text:
    'Die Signatur passt zu keinem Webhook, der hierher zeigt: Der Schlüssel oder der Inhalt ist ein anderer, oder der Zeitstempel ist zu alt.',
  unsigned_text: 'Der Header webhook-signature fehlt; jeder könnte dies gesendet haben.',
  summary: '{time} · {size} · Antwort {status}',
  copy_curl: 'Als curl kopieren',
  body: 'Inhalt',
  copy_body: 'Inhalt kopieren',
  headers: 'Header',
  copy_headers: 'Header kopieren',
  empty_body: 'Der Inhalt ist leer.',
  cut: 'Von {size} ist nur der erste Teil gespeichert.',
  waiting: 'Die erste Anfrage steht noch aus',
  waiting_text:
    'Richten Sie einen Webhook auf diesen Inspektor und buchen Sie einen Termin. Anfragen erscheinen hier sofort, mit Headern, Inhalt und Prüfung der Signatur.',
  missing: 'Inspektor nicht gefunden',
  missing_text: 'Die URL ist möglicherweise unvollständig, oder der Inspektor wurde gelöscht.',
  failed: 'Die Anfragen konnten nicht geladen werden',
}
