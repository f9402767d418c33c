import type { MailTexts } from './mail-texts.en.ts'

/** German, formal (Sie). */
export const de: MailTexts = {
  attendee_requested_subject: 'Angefragt: {what} mit {hosts}, {when}',
  attendee_requested_heading: 'Ihre Anfrage wurde gesendet',
  attendee_requested_text:
    'Sie erhalten eine E-Mail, sobald sie bestätigt oder abgelehnt wurde. Bis dahin ist die Zeit für Sie reserviert.',
  attendee_confirmed_subject: 'Bestätigt: {what} mit {hosts}, {when}',
  attendee_confirmed_heading: 'Ihr Termin ist bestätigt',
  attendee_approved_heading: 'Ihre Anfrage wurde bestätigt',
  attendee_approved_text: 'Der Termin findet wie angefragt statt.',
  attendee_declined_subject: 'Abgelehnt: {what} mit {hosts}, {when}',
  attendee_declined_heading: 'Ihre Anfrage wurde abgelehnt',
  attendee_declined_text: 'Der Termin findet nicht statt.',
  attendee_cancelled_subject: 'Abgesagt: {what} mit {hosts}, {when}',
  attendee_cancelled_heading: 'Ihr Termin wurde abgesagt',
  attendee_cancelled_text: 'Abgesagt von {hosts}.',
  attendee_cancelled_by_you_heading: 'Sie haben Ihren Termin abgesagt',
  attendee_rescheduled_subject: 'Verschoben: {what} mit {hosts}, {when}',
  attendee_rescheduled_pending_subject: 'Neue Zeit angefragt: {what} mit {hosts}, {when}',
  attendee_rescheduled_heading: 'Ihr Termin wurde verschoben',
  attendee_rescheduled_by_you_heading: 'Sie haben Ihren Termin verschoben',
  attendee_rescheduled_pending_text:
    'Sie erhalten eine E-Mail, sobald die neue Zeit bestätigt oder abgelehnt wurde. Bis dahin ist sie für Sie reserviert.',
  attendee_reminder_subject: 'Erinnerung: {what} mit {hosts}, {when}',
  attendee_reminder_heading: 'Ihr Termin steht bevor',
  attendee_repeated_subject: 'Sie haben schon einen Platz: {what} mit {hosts}, {when}',
  attendee_repeated_heading: 'Sie haben schon einen Platz',
  attendee_repeated_text:
    'Jemand, vielleicht Sie selbst, hat diesen Termin gerade noch einmal mit Ihrer E-Mail-Adresse gebucht. Es hat sich nichts geändert.',

  host_requested_subject: 'Bitte bestätigen: {what}, angefragt von {people}, {when}',
  host_requested_heading: 'Ein Termin wartet auf Ihre Bestätigung',
  host_requested_text: 'Die Zeit ist reserviert, bis Sie den Termin bestätigen oder ablehnen.',
  host_confirmed_subject: 'Neuer Termin: {what} mit {people}, {when}',
  host_confirmed_heading: 'Sie haben einen neuen Termin',
  host_approved_subject: 'Bestätigt: {what} mit {people}, {when}',
  host_approved_heading: 'Der Termin wurde bestätigt',
  host_declined_subject: 'Abgelehnt: {what} mit {people}, {when}',
  host_declined_heading: 'Der Termin wurde abgelehnt',
  host_declined_one_heading: 'Eine Anfrage wurde abgelehnt',
  host_cancelled_subject: 'Abgesagt: {what} mit {people}, {when}',
  host_cancelled_heading: 'Der Termin wurde abgesagt',
  host_cancelled_by_attendee_heading: 'Absage von {people}',
  host_time_available_text: 'Die Zeit ist wieder frei.',
  host_others_remain_text: 'Der Termin findet mit den anderen statt.',
  host_rescheduled_subject: 'Verschoben: {what} mit {people}, {when}',
  host_rescheduled_pending_subject: 'Bitte bestätigen: neue Zeit für {what} mit {people}, {when}',
  host_rescheduled_heading: 'Der Termin wurde verschoben',
  host_rescheduled_by_attendee_heading: 'Der Termin wurde von {people} verschoben',
  host_rescheduled_pending_text: 'Die neue Zeit ist reserviert, bis Sie sie bestätigen oder ablehnen.',

  webhook_failing_subject: 'Ein Webhook von {organization} schlägt fehl',
  webhook_failing_heading: 'Ein Webhook schlägt fehl',
  webhook_failing_since: 'Seine Zustellungen schlagen seit {since} fehl.',
  webhook_failing_until:
    'Wenn bis {disabled_at} keine gelingt, wird der Webhook deaktiviert und erhält nichts mehr. Bis dahin werden fehlgeschlagene Zustellungen wiederholt.',
  webhook_disabled_subject: 'Ein Webhook von {organization} wurde deaktiviert',
  webhook_disabled_heading: 'Ein Webhook wurde deaktiviert',
  webhook_disabled_gone: 'Sein Empfänger hat mit 410 Gone geantwortet und möchte keine Zustellungen mehr.',
  webhook_disabled_text:
    'Er erhält nichts mehr. Sobald der Empfänger wieder funktioniert, aktivieren Sie den Webhook und stellen Sie die verpassten Zustellungen erneut zu.',

  password_reset_subject: 'Passwort für {organization} zurücksetzen',
  password_reset_heading: 'Passwort zurücksetzen',
  password_reset_text: {
    one: 'Für Ihr Konto wurde ein neues Passwort angefordert. Der Link funktioniert einmal, innerhalb von {count} Minute.',
    other:
      'Für Ihr Konto wurde ein neues Passwort angefordert. Der Link funktioniert einmal, innerhalb von {count} Minuten.',
  },
  password_reset_ignore: 'Wenn Sie das nicht waren, ignorieren Sie diese E-Mail: Ihr Passwort bleibt unverändert.',

  password_changed_subject: 'Ihr Passwort für {organization} wurde geändert',
  password_changed_heading: 'Ihr Passwort wurde geändert',
  password_changed_text:
    'Es wurde geändert: {moment}. Alle anderen Sitzungen wurden abgemeldet, und ältere Links zum Zurücksetzen gelten nicht mehr.',
  password_changed_remedy:
    'Wenn Sie das nicht waren, wählen Sie über „Passwort vergessen?“ auf der Anmeldeseite ein neues Passwort und informieren Sie die Person, die diesen Server betreibt.',

  new_sign_in_subject: 'Neue Anmeldung bei {organization}',
  new_sign_in_heading: 'Neue Anmeldung an Ihrem Konto',
  new_sign_in_text: 'Jemand hat sich mit einem neuen Browser an Ihrem Konto angemeldet: {moment}.',
  new_sign_in_remedy:
    'Wenn Sie das waren, ignorieren Sie diese E-Mail. Wenn nicht, ändern Sie Ihr Passwort: Das beendet alle anderen Sitzungen.',

  second_factor_on_subject: 'Der zweite Faktor Ihres Kontos bei {organization} wurde eingeschaltet',
  second_factor_on_text:
    'Zum Anmelden brauchen Sie jetzt einen Code Ihrer Authenticator-App: {moment}. Bewahren Sie die Wiederherstellungscodes sicher auf.',
  second_factor_off_subject: 'Der zweite Faktor Ihres Kontos bei {organization} wurde ausgeschaltet',
  second_factor_off_text: 'Zum Anmelden brauchen Sie keinen Code mehr: {moment}.',
  passkey_added_subject: 'Zu Ihrem Konto bei {organization} wurde ein Passkey hinzugefügt',
  passkey_added_text: 'Hinzugefügt: {moment}. Mit dem Gerät, das ihn enthält, kann man sich an Ihrem Konto anmelden.',
  passkey_removed_subject: 'Von Ihrem Konto bei {organization} wurde ein Passkey entfernt',
  passkey_removed_text: 'Entfernt: {moment}. Mit ihm kann man sich nicht mehr anmelden.',
  sign_in_changed_remedy:
    'Wenn Sie das nicht waren, ändern Sie Ihr Passwort: Das beendet alle anderen Sitzungen. Informieren Sie danach die Person, die diesen Server betreibt.',

  email_confirmation_subject: 'Bestätigen Sie Ihre E-Mail-Adresse: {what}',
  email_confirmation_heading: 'Bestätigen Sie Ihre E-Mail-Adresse',
  email_confirmation_text: {
    one: 'Jemand, vermutlich Sie, möchte buchen: {what}, {when}. Die Zeit ist {count} Minute lang reserviert. Gebucht ist erst, wenn Sie bestätigen.',
    other:
      'Jemand, vermutlich Sie, möchte buchen: {what}, {when}. Die Zeit ist {count} Minuten lang reserviert. Gebucht ist erst, wenn Sie bestätigen.',
  },
  email_confirmation_ignore: 'Wenn Sie das nicht waren, ignorieren Sie diese E-Mail: Es wird nichts gebucht.',

  calendar_failing_subject: 'Ihr Kalender {calendar} kann nicht gelesen werden',
  calendar_failing_since: 'Er ist seit {since} nicht lesbar.',
  calendar_failing_text:
    'Bis er wieder gelesen werden kann, gelten seine zuletzt bekannten Termine noch 24 Stunden. Danach werden Sie nicht mehr für Termine angeboten.',
  calendar_failing_closed: 'Bis er wieder gelesen werden kann, können keine Termine mit Ihnen gebucht werden.',
  calendar_changes_subject: {
    one: 'Sie haben einen Termin in Ihrem Kalender {calendar} geändert',
    other: 'Sie haben {count} Termine in Ihrem Kalender {calendar} geändert',
  },
  calendar_changes_text:
    'Entscheiden Sie, ob die Änderung für alle gilt oder ob der Kalender den bisherigen Stand wieder zeigen soll.',
  calendar_restored_subject: 'Ein Termin konnte nicht aus Ihrem Kalender {calendar} geändert werden',
  calendar_restored_text:
    'Der Termin bleibt am {when}, und Ihr Kalender zeigt ihn wieder dort. Vielleicht liegt zur neuen Zeit ein anderer Termin, oder der Termin hat mehrere Gastgeber.',
  invitation_subject: 'Einladung von {invited_by} zu {organization}',
  invitation_heading: 'Sie sind zu {organization} eingeladen',
  invitation_text: {
    one: '{invited_by} hat Sie eingeladen. Der Link funktioniert einmal, innerhalb von {count} Tag.',
    other: '{invited_by} hat Sie eingeladen. Der Link funktioniert einmal, innerhalb von {count} Tagen.',
  },

  entry_with: '{what} mit {people}',

  label_what: 'Was',
  label_when: 'Wann',
  label_before: 'Bisherige Zeit',
  label_where: 'Wo',
  label_phone: 'Telefon',
  place_as_given: 'wie bei der Buchung angegeben',
  label_room: 'Videokonferenz',
  label_password: 'Meeting-Passwort',
  label_host: 'Gastgeber',
  label_attendee: 'Gebucht von',
  label_webhook: 'Webhook',
  label_description: 'Beschreibung',
  label_problem: 'Letzter Fehler',
  label_browser: 'Browser',
  label_address: 'Netzwerkadresse',

  action_join: 'An der Videokonferenz teilnehmen',
  action_show: 'Termin ansehen',
  action_reschedule: 'Termin verschieben',
  action_cancel: 'Termin absagen',
  action_answer: 'Bestätigen oder ablehnen',
  action_webhook: 'Webhook ansehen',
  action_password_reset: 'Neues Passwort wählen',
  action_email_confirmation: 'Bestätigen und buchen',
  action_account: 'Bookbell öffnen',
  action_calendars: 'Kalender öffnen',
  action_invitation: 'Einladung annehmen',

  colon: ':',
  footer: 'Gesendet von Bookbell für {organization}',
  quote: '{person} schrieb:',
  and_more: { one: 'und {count} weitere Person', other: 'und {count} weitere Personen' },
  yes: 'Ja',
  no: 'Nein',
}
