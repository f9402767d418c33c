import type { TextsOf } from './catalog.ts'

export const blocked: TextsOf<'blocked'> = {
  title: 'Gesperrte Teilnehmer',
  lead: 'E-Mail-Adressen und Domains, die auf Ihren Seiten nicht buchen können. Sie erfahren nicht, warum.',
  block: 'Sperren',
  empty_title: 'Niemand ist gesperrt',
  empty_text: 'Sperren Sie hier eine Adresse oder Domain, oder einen Teilnehmer eines Termins.',
  everyone_at: 'Alle von {domain}',
  blocked_on: 'gesperrt: {date}',
  unblock: 'Entsperren',
  unblock_named: '{name} entsperren',
  unblock_question: '„{name}“ entsperren?',
  unblock_text: 'Buchungen auf Ihren Seiten sind dann wieder möglich.',
  value: 'E-Mail-Adresse oder Domain',
  value_help: 'Eine Domain wie example.com sperrt alle ihre Adressen. Bereits Gebuchtes bleibt.',
  is_blocked: '{name} ist gesperrt',
  can_book: '{name} kann wieder buchen',
  cancelled: { one: '{count} Termin abgesagt', other: '{count} Termine abgesagt' },
  cancel_all_title: 'Alle absagen und sperren',
  no_one: 'Niemanden, nur absagen',
  counting: 'Bevorstehende Termine werden gezählt …',
  will_cancel: {
    one: '{count} bevorstehender Termin von {name} wird abgesagt. Andere Teilnehmer behalten ihre Plätze. Dies kann nicht rückgängig gemacht werden.',
    other:
      '{count} bevorstehende Termine von {name} werden abgesagt. Andere Teilnehmer behalten ihre Plätze. Dies kann nicht rückgängig gemacht werden.',
  },
  message_help: 'Wird in die E-Mail aufgenommen (optional).',
  cancel: 'Termine absagen',
  cancel_and_block: 'Termine absagen und sperren',
}
