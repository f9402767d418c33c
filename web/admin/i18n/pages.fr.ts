import type { TextsOf } from './catalog.ts'

export const pages: TextsOf<'pages'> = {
  title: 'Pages',
  lead: 'Pages de réservation d’une équipe ou d’une personne, chacune avec un lien à partager.',
  new: 'Nouvelle page',
  edit: 'Modifier la page',
  create: 'Créer la page',
  created: 'Page créée',
  none: 'Aucune page pour l’instant',
  none_text: 'Une page affiche les types de réunion de votre choix et a un lien à partager.',
  delete: 'Supprimer la page',
  delete_title: 'Supprimer « {name} » ?',
  delete_text: 'Ses liens ne fonctionneront plus. Ses types de réunion ne sont pas supprimés.',
  open_named: 'Ouvrir {name}',
  url_path: 'Chemin de l’URL',
  description: 'Description',
  and_more: 'et {count} de plus',
  types_in_order: 'Types de réunion, dans cet ordre',
  chosen_count: '{count} sur {all} sur cette page',
  on_this_page: 'Sur cette page',
  not_on_this_page: 'Pas sur cette page',
  add_all: 'Ajouter les {count}',
}
