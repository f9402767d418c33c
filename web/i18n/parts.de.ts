import type { PartsTexts } from './parts.en.ts'

export const parts: PartsTexts = {
  close: 'Schließen',
  copied: 'Kopiert',
  optional: 'optional',
  choose: 'Bitte wählen …',
  timezone: 'Zeitzone',
  change_timezone: 'Zeitzone ändern:',
  search_timezone: 'Stadt oder Zeitzone suchen',
  timezone_none_found: 'Keine passende Zeitzone gefunden.',
  timezone_detected: 'Ihr Gerät',
  timezones_found: { one: '{count} Zeitzone', other: '{count} Zeitzonen' },
  too_many: 'Zu viele Anfragen. Bitte warten Sie einen Moment und versuchen Sie es erneut.',
  network: 'Der Server ist nicht erreichbar. Bitte prüfen Sie Ihre Verbindung und versuchen Sie es erneut.',
  unknown_problem: 'Etwas ist schiefgelaufen. Bitte versuchen Sie es erneut.',
}
