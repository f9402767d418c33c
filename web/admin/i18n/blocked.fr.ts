import type { TextsOf } from './catalog.ts'

export const blocked: TextsOf<'blocked'> = {
  title: 'Participants bloqués',
  lead: 'Adresses e-mail et domaines qui ne peuvent pas réserver sur vos pages. La raison ne leur est pas indiquée.',
  block: 'Bloquer',
  empty_title: 'Personne n’est bloqué',
  empty_text: 'Bloquez ici une adresse ou un domaine, ou le participant d’un rendez-vous.',
  everyone_at: 'Tout le monde chez {domain}',
  blocked_on: 'bloqué le {date}',
  unblock: 'Débloquer',
  unblock_named: 'Débloquer {name}',
  unblock_question: 'Débloquer « {name} » ?',
  unblock_text: 'Les réservations sur vos pages seront de nouveau possibles.',
  value: 'Adresse e-mail ou domaine',
  value_help: 'Un domaine comme example.com bloque toutes ses adresses. Ce qui est déjà réservé reste.',
  is_blocked: '{name} est bloqué',
  can_book: '{name} peut de nouveau réserver',
  cancelled: { one: '{count} rendez-vous annulé', other: '{count} rendez-vous annulés' },
  cancel_all_title: 'Tout annuler et bloquer',
  no_one: 'Personne, annuler seulement',
  counting: 'Décompte des rendez-vous à venir…',
  will_cancel: {
    one: '{count} rendez-vous à venir de {name} sera annulé. Les autres participants gardent leur place. Cette action est irréversible.',
    other:
      '{count} rendez-vous à venir de {name} seront annulés. Les autres participants gardent leur place. Cette action est irréversible.',
  },
  message_help: 'Ajouté à l’e-mail (facultatif).',
  cancel: 'Annuler les rendez-vous',
  cancel_and_block: 'Annuler les rendez-vous et bloquer',
}
