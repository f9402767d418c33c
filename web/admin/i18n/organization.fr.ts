import type { TextsOf } from './catalog.ts'

export const organization: TextsOf<'organization'> = {
  title: 'Organisation',
  lead: 'Ce que voient les participants sur vos pages et dans les e-mails.',
  color: 'Couleur',
  color_help: 'Couleur des boutons et des liens. Laissez vide pour le vert par défaut.',
  pick_color: 'Prélever une couleur à l’écran',
  logo_url: 'URL du logo',
  logo_broken: 'Impossible de charger cette image.',
  logo_url_help: 'URL d’une image carrée (facultatif).',
  language: 'Langue par défaut',
  language_help: 'De l’administration et des e-mails, pour les membres qui n’ont pas choisi la leur.',
  language_browser: 'Langue du navigateur',
  zone: 'Fuseau horaire par défaut',
  zone_help: 'Les nouveaux membres commencent avec celui-ci.',
  second_factor: 'Exiger un second facteur',
  second_factor_help:
    'Les membres qui n’en ont pas doivent le configurer pour continuer. Les clés API ne sont pas concernées.',
  confirm_email: 'Nouveaux types de rendez-vous : les visiteurs doivent confirmer leur adresse e-mail',
  confirm_email_help: 'Chaque type de rendez-vous peut le modifier. Nécessite un serveur de messagerie.',
  saved: 'Enregistré. Vos pages sont à jour.',
  preview: 'Aperçu',
  on_pages: 'Sur vos pages',
  your_organization: 'Votre organisation',
  sample_type: 'Premier échange',
  book: 'Réserver',
  danger_zone: 'Zone sensible',
  danger_text:
    'Supprime cette organisation avec tous ses rendez-vous, pages, membres, webhooks et paramètres. Les comptes des personnes qui ne sont membres d’aucune autre organisation sont aussi supprimés. Cette action est irréversible.',
  delete_open: 'Supprimer l’organisation…',
  delete: 'Supprimer l’organisation',
  delete_question: 'Supprimer {name} ?',
  delete_text:
    'Tout le contenu de {name} est supprimé. Les clés API, pages de réservation et liens des participants cessent aussitôt de fonctionner ; les webhooks et e-mails en attente ne sont pas envoyés.',
  delete_account_too: 'Votre compte est aussi supprimé.',
  deleted: '{name} a été supprimée.',
}
