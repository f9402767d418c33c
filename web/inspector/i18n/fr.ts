import type { InspectorTexts } from './en.ts'

export const fr: InspectorTexts = {
  title: 'Inspecteur',
  title_count: '({count}) Inspecteur',
  received: { one: '{count} requête reçue. {last}', other: '{count} requêtes reçues. {last}' },
  live: 'En direct',
  connecting: 'Connexion…',
  list: 'Requêtes, les plus récentes d’abord',
  request_of: 'Requête {method}',
  valid: 'Signature valide',
  invalid: 'Signature non valide',
  unsigned: 'Non signée',
  valid_text: 'Signée par un webhook de cette organisation qui mène ici. Le corps n’a pas été modifié en chemin.',
  invalid_text:
    'La signature ne correspond à aucun webhook qui mène ici : le secret ou le corps diffère, ou l’horodatage est trop ancien.',
  unsigned_text: 'L’en-tête webhook-signature est absent : n’importe qui a pu envoyer cette requête.',
  summary: '{time} · {size} · réponse {status}',
  copy_curl: 'Copier en curl',
  body: 'Corps',
  copy_body: 'Copier le corps',
  headers: 'En-têtes',
  copy_headers: 'Copier les en-têtes',
  empty_body: 'Le corps est vide.',
  cut: 'Seule la première partie des {size} est enregistrée.',
  waiting: 'En attente de la première requête',
  waiting_text:
    'Dirigez un webhook vers cet inspecteur et réservez un rendez-vous. Les requêtes s’affichent ici aussitôt, avec les en-têtes, le corps et la vérification de la signature.',
  missing: 'Inspecteur introuvable',
  missing_text: 'L’URL est peut-être incomplète, ou l’inspecteur a été supprimé.',
  failed: 'Impossible de charger les requêtes',
}
