import type { TextsOf } from './catalog.ts'

export const privacy: TextsOf<'privacy'> = {
  title: 'Datenschutz',
  lead: 'Sehen, exportieren und löschen, was über eine Person gespeichert ist.',
  person: 'Daten einer Person',
  address: 'E-Mail-Adresse',
  address_help: 'Groß- und Kleinschreibung ist egal.',
  nothing: 'Über {email} ist nichts gespeichert.',
  stored_about: 'Gespeichert über {email}',
  is_member: '{email} ist Mitglied der Organisation. Löschen Sie zuerst das Mitglied, um die Person zu löschen.',
  export: 'Export herunterladen',
  erase_open: 'Löschen …',
  erase_question: '{email} löschen?',
  erase: 'Person löschen',
  erase_text:
    'Name, Adresse, Antworten und Nachrichten werden überall überschrieben, auch in den Aktivitäten, die Webhooks senden. Die Termine bleiben. Sicherungen und die Systeme hinter Ihren Webhooks behalten ihre Kopien. Dies kann nicht rückgängig gemacht werden.',
  erased: '{email} gelöscht: {meetings} Termine, {activities} Aktivitäten, {mails} E-Mails.',
  meetings: 'Termine',
  activities: 'Aktivitäten',
  mails: 'E-Mails',
  deliveries: 'Webhook-Zustellungen',
  requests: 'Von Inspektoren aufgezeichnete Anfragen',
  responses: 'Für Wiederholungen gespeicherte Antworten',
  audit_entries: 'Einträge des Audit-Protokolls',
  holds: 'Unbestätigte Buchungen',
  blocks: 'Sperren der Adresse',
  member_entries: 'Einträge als Mitglied',
  past: 'Vergangene Termine',
  days: 'Personen löschen nach (Tagen)',
  days_help:
    'Namen, Adressen und Antworten von Teilnehmern werden so viele Tage nach dem Ende eines Termins gelöscht; der Termin bleibt. Kann nicht rückgängig gemacht werden. Leer lassen, um sie zu behalten.',
}
