import type { TextsOf } from './catalog.ts'

export const organization: TextsOf<'organization'> = {
  title: 'Organisation',
  lead: 'Was Teilnehmer auf Ihren Seiten und in E-Mails sehen.',
  color: 'Farbe',
  color_help: 'Farbe von Schaltflächen und Links. Leer lassen für das Standardgrün.',
  pick_color: 'Farbe vom Bildschirm aufnehmen',
  logo_url: 'Logo-URL',
  logo_broken: 'Dieses Bild konnte nicht geladen werden.',
  logo_url_help: 'URL eines quadratischen Bildes (optional).',
  language: 'Standardsprache',
  language_help: 'Für die Verwaltung und E-Mails, wenn ein Mitglied keine eigene gewählt hat.',
  language_browser: 'Sprache des Browsers',
  zone: 'Standardzeitzone',
  zone_help: 'Neue Mitglieder beginnen damit.',
  second_factor: 'Zweiten Faktor verlangen',
  second_factor_help:
    'Mitglieder ohne zweiten Faktor müssen ihn einrichten, bevor sie fortfahren können. API-Schlüssel sind nicht betroffen.',
  confirm_email: 'Neue Terminarten: Besucher müssen ihre E-Mail-Adresse bestätigen',
  confirm_email_help: 'Jede Terminart kann dies ändern. Ein Mailserver ist nötig.',
  saved: 'Gespeichert. Ihre Seiten sind aktualisiert.',
  preview: 'Vorschau',
  on_pages: 'Auf Ihren Seiten',
  your_organization: 'Ihre Organisation',
  sample_type: 'Kennenlernen',
  book: 'Buchen',
  danger_zone: 'Gefahrenbereich',
  danger_text:
    'Löscht diese Organisation mit allen Terminen, Seiten, Mitgliedern, Webhooks und Einstellungen. Konten von Personen, die keiner anderen Organisation angehören, werden ebenfalls gelöscht. Dies kann nicht rückgängig gemacht werden.',
  delete_open: 'Organisation löschen …',
  delete: 'Organisation löschen',
  delete_question: '{name} löschen?',
  delete_text:
    'Alles in {name} wird gelöscht. API-Schlüssel, Buchungsseiten und Links von Teilnehmern funktionieren sofort nicht mehr, ausstehende Webhooks und E-Mails werden nicht gesendet.',
  delete_account_too: 'Ihr Konto wird ebenfalls gelöscht.',
  deleted: '{name} wurde gelöscht.',
}
