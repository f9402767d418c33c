import type { PartsTexts } from './parts.en.ts'

export const parts: PartsTexts = {
  close: 'Fermer',
  copied: 'Copié',
  optional: 'facultatif',
  choose: 'Choisir…',
  timezone: 'Fuseau horaire',
  change_timezone: 'Changer de fuseau horaire :',
  search_timezone: 'Rechercher une ville ou un fuseau horaire',
  timezone_none_found: 'Aucun fuseau horaire correspondant.',
  timezone_detected: 'Votre appareil',
  timezones_found: { one: '{count} fuseau horaire', other: '{count} fuseaux horaires' },
  too_many: 'Trop de demandes. Patientez un instant, puis réessayez.',
  network: 'Impossible de joindre le serveur. Vérifiez votre connexion, puis réessayez.',
  unknown_problem: 'Une erreur s’est produite. Veuillez réessayer.',
}
