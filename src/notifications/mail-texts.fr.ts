import type { MailTexts } from './mail-texts.en.ts'

/** French, formal (vous), with the no-break spaces that its typography requires. */
export const fr: MailTexts = {
  attendee_requested_subject: 'Demandé : {what} avec {hosts}, {when}',
  attendee_requested_heading: 'Votre demande a été envoyée',
  attendee_requested_text:
    'Vous recevrez un e-mail dès qu’elle sera validée ou refusée. D’ici là, l’horaire vous est réservé.',
  attendee_confirmed_subject: 'Confirmé : {what} avec {hosts}, {when}',
  attendee_confirmed_heading: 'Votre rendez-vous est confirmé',
  attendee_approved_heading: 'Votre demande a été validée',
  attendee_approved_text: 'Le rendez-vous aura lieu comme demandé.',
  attendee_declined_subject: 'Refusé : {what} avec {hosts}, {when}',
  attendee_declined_heading: 'Votre demande a été refusée',
  attendee_declined_text: 'Le rendez-vous n’aura pas lieu.',
  attendee_cancelled_subject: 'Annulé : {what} avec {hosts}, {when}',
  attendee_cancelled_heading: 'Votre rendez-vous a été annulé',
  attendee_cancelled_text: 'Annulé par {hosts}.',
  attendee_cancelled_by_you_heading: 'Vous avez annulé votre rendez-vous',
  attendee_rescheduled_subject: 'Déplacé : {what} avec {hosts}, {when}',
  attendee_rescheduled_pending_subject: 'Nouvel horaire demandé : {what} avec {hosts}, {when}',
  attendee_rescheduled_heading: 'Votre rendez-vous a été déplacé',
  attendee_rescheduled_by_you_heading: 'Vous avez déplacé votre rendez-vous',
  attendee_rescheduled_pending_text:
    'Vous recevrez un e-mail dès que le nouvel horaire sera validé ou refusé. D’ici là, il vous est réservé.',
  attendee_reminder_subject: 'Rappel : {what} avec {hosts}, {when}',
  attendee_reminder_heading: 'Votre rendez-vous approche',
  attendee_repeated_subject: 'Vous avez déjà une place : {what} avec {hosts}, {when}',
  attendee_repeated_heading: 'Vous avez déjà une place',
  attendee_repeated_text:
    'Quelqu’un, peut-être vous, vient de réserver à nouveau ce rendez-vous avec votre adresse e-mail. Rien n’a changé.',

  host_requested_subject: 'À valider : {what}, demandé par {people}, {when}',
  host_requested_heading: 'Un rendez-vous attend votre validation',
  host_requested_text: 'L’horaire est réservé jusqu’à ce que vous validiez ou refusiez la demande.',
  host_confirmed_subject: 'Nouveau rendez-vous : {what} avec {people}, {when}',
  host_confirmed_heading: 'Vous avez un nouveau rendez-vous',
  host_approved_subject: 'Validé : {what} avec {people}, {when}',
  host_approved_heading: 'Le rendez-vous a été validé',
  host_declined_subject: 'Refusé : {what} avec {people}, {when}',
  host_declined_heading: 'Le rendez-vous a été refusé',
  host_declined_one_heading: 'Une demande a été refusée',
  host_cancelled_subject: 'Annulé : {what} avec {people}, {when}',
  host_cancelled_heading: 'Le rendez-vous a été annulé',
  host_cancelled_by_attendee_heading: 'Annulation de {people}',
  host_time_available_text: 'L’horaire est de nouveau disponible.',
  host_others_remain_text: 'Le rendez-vous aura lieu avec les autres participants.',
  host_rescheduled_subject: 'Déplacé : {what} avec {people}, {when}',
  host_rescheduled_pending_subject: 'À valider : nouvel horaire pour {what} avec {people}, {when}',
  host_rescheduled_heading: 'Le rendez-vous a été déplacé',
  host_rescheduled_by_attendee_heading: 'Rendez-vous déplacé par {people}',
  host_rescheduled_pending_text: 'Le nouvel horaire est réservé jusqu’à ce que vous le validiez ou le refusiez.',

  webhook_failing_subject: 'Un webhook de {organization} est en échec',
  webhook_failing_heading: 'Un webhook est en échec',
  webhook_failing_since: 'Ses envois échouent depuis le {since}.',
  webhook_failing_until:
    'Si aucun ne réussit avant le {disabled_at}, le webhook sera désactivé et ne recevra plus rien. D’ici là, les envois en échec sont retentés.',
  webhook_disabled_subject: 'Un webhook de {organization} a été désactivé',
  webhook_disabled_heading: 'Un webhook a été désactivé',
  webhook_disabled_gone: 'Son destinataire a répondu 410 Gone et ne veut plus rien recevoir.',
  webhook_disabled_text:
    'Plus rien ne lui est envoyé. Lorsque le destinataire fonctionnera de nouveau, activez le webhook et renvoyez ce qu’il a manqué.',

  password_reset_subject: 'Réinitialisez votre mot de passe pour {organization}',
  password_reset_heading: 'Réinitialisez votre mot de passe',
  password_reset_text: {
    one: 'Un nouveau mot de passe a été demandé pour votre compte. Le lien fonctionne une seule fois, pendant {count} minute.',
    other:
      'Un nouveau mot de passe a été demandé pour votre compte. Le lien fonctionne une seule fois, pendant {count} minutes.',
  },
  password_reset_ignore: 'Si ce n’était pas vous, ignorez cet e-mail : votre mot de passe reste inchangé.',

  password_changed_subject: 'Votre mot de passe pour {organization} a été modifié',
  password_changed_heading: 'Votre mot de passe a été modifié',
  password_changed_text:
    'Modification : {moment}. Toutes les autres sessions ont été fermées, et les anciens liens de réinitialisation ne fonctionnent plus.',
  password_changed_remedy:
    'Si ce n’était pas vous, choisissez un nouveau mot de passe avec « Mot de passe oublié ? » sur la page de connexion, et prévenez la personne qui gère ce serveur.',

  new_sign_in_subject: 'Nouvelle connexion à {organization}',
  new_sign_in_heading: 'Nouvelle connexion à votre compte',
  new_sign_in_text:
    'Quelqu’un s’est connecté à votre compte depuis un navigateur jamais utilisé auparavant : {moment}.',
  new_sign_in_remedy:
    'Si c’était vous, ignorez cet e-mail. Sinon, changez votre mot de passe : cela ferme toutes les autres sessions.',

  second_factor_on_subject: 'Le second facteur de votre compte {organization} a été activé',
  second_factor_on_text:
    'Un code de votre application d’authentification est désormais nécessaire pour se connecter : {moment}. Gardez les codes de récupération en lieu sûr.',
  second_factor_off_subject: 'Le second facteur de votre compte {organization} a été désactivé',
  second_factor_off_text: 'Aucun code n’est plus nécessaire pour se connecter : {moment}.',
  passkey_added_subject: 'Une clé d’accès a été ajoutée à votre compte {organization}',
  passkey_added_text: 'Ajout : {moment}. L’appareil qui la contient peut se connecter à votre compte.',
  passkey_removed_subject: 'Une clé d’accès a été retirée de votre compte {organization}',
  passkey_removed_text: 'Retrait : {moment}. Elle ne permet plus de se connecter.',
  sign_in_changed_remedy:
    'Si ce n’était pas vous, changez votre mot de passe : cela ferme toutes les autres sessions. Prévenez ensuite la personne qui gère ce serveur.',

  email_confirmation_subject: 'Confirmez votre adresse e-mail : {what}',
  email_confirmation_heading: 'Confirmez votre adresse e-mail',
  email_confirmation_text: {
    one: 'Quelqu’un, sans doute vous, souhaite réserver : {what}, {when}. L’horaire est retenu pendant {count} minute. Rien n’est réservé tant que vous n’avez pas confirmé.',
    other:
      'Quelqu’un, sans doute vous, souhaite réserver : {what}, {when}. L’horaire est retenu pendant {count} minutes. Rien n’est réservé tant que vous n’avez pas confirmé.',
  },
  email_confirmation_ignore: 'Si ce n’était pas vous, ignorez cet e-mail : rien ne sera réservé.',

  calendar_failing_subject: 'Votre agenda {calendar} ne peut pas être lu',
  calendar_failing_since: 'Il est illisible depuis {since}.',
  calendar_failing_text:
    'Jusqu’à ce qu’il soit de nouveau lisible, ses dernières plages occupées connues comptent pendant 24 heures. Ensuite, vous n’êtes plus proposé pour des rendez-vous.',
  calendar_failing_closed:
    'Personne ne peut réserver de rendez-vous avec vous tant qu’il n’est pas de nouveau lisible.',
  calendar_changes_subject: {
    one: 'Vous avez modifié un rendez-vous dans votre agenda {calendar}',
    other: 'Vous avez modifié {count} rendez-vous dans votre agenda {calendar}',
  },
  calendar_changes_text: 'Décidez si la modification vaut pour tout le monde ou si votre agenda doit être rétabli.',
  calendar_restored_subject: 'Un rendez-vous n’a pas pu être modifié depuis votre agenda {calendar}',
  calendar_restored_text:
    'Le rendez-vous reste fixé au {when}, et votre agenda l’affiche de nouveau à ce moment. Un autre rendez-vous occupe peut-être le nouveau créneau, ou le rendez-vous a plusieurs hôtes.',
  invitation_subject: '{invited_by} vous invite à rejoindre {organization}',
  invitation_heading: 'Vous êtes invité à rejoindre {organization}',
  invitation_text: {
    one: '{invited_by} vous a invité. Le lien fonctionne une seule fois, pendant {count} jour.',
    other: '{invited_by} vous a invité. Le lien fonctionne une seule fois, pendant {count} jours.',
  },

  entry_with: '{what} avec {people}',

  label_what: 'Quoi',
  label_when: 'Quand',
  label_before: 'Ancien horaire',
  label_where: 'Où',
  label_phone: 'Téléphone',
  place_as_given: 'comme indiqué lors de la réservation',
  label_room: 'Visioconférence',
  label_password: 'Mot de passe de la réunion',
  label_host: 'Hôte',
  label_attendee: 'Réservé par',
  label_webhook: 'Webhook',
  label_description: 'Description',
  label_problem: 'Dernière erreur',
  label_browser: 'Navigateur',
  label_address: 'Adresse réseau',

  action_join: 'Rejoindre la visioconférence',
  action_show: 'Voir le rendez-vous',
  action_reschedule: 'Déplacer le rendez-vous',
  action_cancel: 'Annuler le rendez-vous',
  action_answer: 'Valider ou refuser',
  action_webhook: 'Voir le webhook',
  action_password_reset: 'Choisir un nouveau mot de passe',
  action_email_confirmation: 'Confirmer et réserver',
  action_account: 'Ouvrir Bookbell',
  action_calendars: 'Ouvrir les agendas',
  action_invitation: 'Accepter l’invitation',

  colon: ' :',
  footer: 'Envoyé par Bookbell pour {organization}',
  quote: '{person} a écrit :',
  and_more: { one: 'et {count} autre', other: 'et {count} autres' },
  yes: 'Oui',
  no: 'Non',
}
