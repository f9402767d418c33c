import type { TextsOf } from './catalog.ts'

export const tags: TextsOf<'tags'> = {
  title: 'Étiquettes',
  lead: 'Des repères pour les rendez-vous, comme « première visite » ou « absent ». Les webhooks sont notifiés de chaque ajout ou retrait.',
  new: 'Nouvelle étiquette',
  rename: 'Renommer l’étiquette',
  rename_named: 'Renommer {name}',
  create: 'Créer l’étiquette',
  empty_title: 'Aucune étiquette pour l’instant',
  empty_text: 'Créez-en une ici ou via l’API.',
  delete_question: 'Supprimer « {name} » ?',
  delete_text:
    'Une étiquette utilisée par un rendez-vous ne peut pas être supprimée : retirez-la d’abord de tous les rendez-vous.',
  delete: 'Supprimer l’étiquette',
  created_on: 'créée le {date}',
  name_help: 'La casse compte. Une étiquette utilisée par un rendez-vous ne peut pas être renommée.',
  created: 'Étiquette « {name} » créée',
  renamed: 'Étiquette renommée en « {name} »',
  deleted: 'Étiquette « {name} » supprimée',
}
