import type { TextsOf } from './catalog.ts'

export const privacy: TextsOf<'privacy'> = {
  title: 'Confidentialité',
  lead: 'Consultez, exportez et effacez ce qui est enregistré sur une personne.',
  person: 'Données d’une personne',
  address: 'Adresse e-mail',
  address_help: 'La casse n’a pas d’importance.',
  nothing: 'Rien n’est enregistré sur {email}.',
  stored_about: 'Enregistré sur {email}',
  is_member: '{email} est membre de l’organisation. Supprimez d’abord le membre pour effacer la personne.',
  export: 'Télécharger l’export',
  erase_open: 'Effacer…',
  erase_question: 'Effacer {email} ?',
  erase: 'Effacer la personne',
  erase_text:
    'Nom, adresse, réponses et messages sont remplacés partout, y compris dans les activités envoyées par les webhooks. Les rendez-vous restent. Les sauvegardes et les systèmes reliés à vos webhooks gardent leurs copies. Cette action est irréversible.',
  erased: '{email} effacé : {meetings} rendez-vous, {activities} activités, {mails} e-mails.',
  meetings: 'Rendez-vous',
  activities: 'Activités',
  mails: 'E-mails',
  deliveries: 'Envois de webhooks',
  requests: 'Requêtes enregistrées par les inspecteurs',
  responses: 'Réponses conservées pour les nouvelles tentatives',
  audit_entries: 'Entrées du journal d’audit',
  holds: 'Réservations non confirmées',
  blocks: 'Blocages de l’adresse',
  member_entries: 'Entrées en tant que membre',
  past: 'Rendez-vous passés',
  days: 'Effacer les personnes après (jours)',
  days_help:
    'Noms, adresses et réponses des participants sont effacés ce nombre de jours après la fin du rendez-vous ; le rendez-vous reste. Irréversible. Laissez vide pour les conserver.',
}
