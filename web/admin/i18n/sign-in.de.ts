import type { TextsOf } from './catalog.ts'

export const signIn: TextsOf<'signIn'> = {
  title: 'Anmelden',
  action: 'Anmelden',
  password: 'Passwort',
  show_password: 'Passwort anzeigen',
  forgot: 'Passwort vergessen?',
  wrong: 'E-Mail-Adresse oder Passwort ist falsch.',
  too_many: {
    one: 'Zu viele Versuche. Versuchen Sie es in {count} Sekunde erneut, oder setzen Sie Ihr Passwort zurück.',
    other: 'Zu viele Versuche. Versuchen Sie es in {count} Sekunden erneut, oder setzen Sie Ihr Passwort zurück.',
  },
  with_passkey: 'Mit Passkey anmelden',
  with_provider: 'Mit {name} anmelden',
  back: 'Zurück zur Anmeldung',
  go: 'Zur Anmeldung',
  instead: 'Stattdessen anmelden',
  reset_title: 'Passwort zurücksetzen',
  reset_lead: 'Wir senden Ihnen einen Link zum Zurücksetzen per E-Mail.',
  reset_lead_no_mail:
    'Dieser Server sendet keine E-Mails. Erstellen Sie einen Link, und bitten Sie den Betreiber des Servers darum: {command} gibt ihn aus.',
  send_link: 'Link senden',
  create_link: 'Link erstellen',
  check_mail: 'Prüfen Sie Ihre E-Mails',
  ask_link: 'Bitten Sie um Ihren Link',
  sent: 'Falls es ein Konto für {email} gibt, haben wir einen Link zum Zurücksetzen des Passworts gesendet. Er gilt eine Stunde.',
  created:
    'Falls es ein Konto für {email} gibt, wurde ein Link zum Zurücksetzen des Passworts erstellt. Er gilt eine Stunde. Bitten Sie den Betreiber des Servers darum: {command} gibt ihn aus.',
  changed_title: 'Passwort geändert',
  changed_text: 'Sie wurden auf allen Geräten abgemeldet. Melden Sie sich mit dem neuen Passwort an.',
  expired_title: 'Dieser Link ist abgelaufen',
  expired_text:
    'Er wurde verwendet, durch einen neueren ersetzt oder ist älter als eine Stunde. Fordern Sie einen neuen an.',
  new_title: 'Neues Passwort wählen',
  new_lead: 'Sie werden auf allen Geräten abgemeldet.',
  new_password: 'Neues Passwort',
  save_password: 'Passwort speichern',
  code_title: 'Code eingeben',
  code_lead: 'Geben Sie den Code Ihrer Authenticator-App oder einen Ihrer Wiederherstellungscodes ein.',
  code: 'Code',
  invitation: 'Einladung',
  invitation_expired: 'Diese Einladung ist nicht mehr gültig',
  invitation_expired_text:
    'Sie wurde verwendet, durch eine neuere ersetzt oder ist abgelaufen. Bitten Sie um eine neue.',
  join: 'Beitreten',
  join_title: '{name} beitreten',
  join_lead: 'Willkommen, {name}. Sie melden sich als {email} an.',
  choose_password: 'Passwort wählen',
  has_account: 'Sie haben bereits ein Konto auf diesem Server. Melden Sie sich als {email} an, um anzunehmen.',
  your_password: 'Ihr Passwort',
  sign_in_and_join: 'Anmelden und beitreten',
  signed_in_as: 'Sie sind als {email} angemeldet.',
  problem_address_not_verified:
    'Der Anmeldedienst hat Ihre E-Mail-Adresse nicht bestätigt. Bestätigen Sie sie dort, oder melden Sie sich mit Ihrem Passwort an.',
  problem_address_unknown:
    'Niemand mit Ihrer E-Mail-Adresse ist hier Mitglied. Bitten Sie einen Admin, die Adresse einzuladen, die der Anmeldedienst kennt.',
  problem_account_not_proven:
    'Ihr Konto ist noch nicht mit dem Anmeldedienst verknüpft. Melden Sie sich mit Ihrem Passwort an, und verknüpfen Sie es unter „Ihr Konto“.',
  problem_cancelled: 'Sie wurden nicht angemeldet, weil die Anmeldung abgebrochen wurde.',
  problem_failed: 'Die Anmeldung über den Anmeldedienst hat nicht funktioniert. Versuchen Sie es erneut.',
  not_set_up_title: 'Dieser Server ist noch nicht eingerichtet',
  not_set_up_text:
    'Öffnen Sie den Einrichtungslink, den der Server beim Start ausgegeben hat: Er steht in der Konsole oder im Protokoll.',
}
