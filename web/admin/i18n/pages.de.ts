import type { TextsOf } from './catalog.ts'

export const pages: TextsOf<'pages'> = {
  title: 'Seiten',
  lead: 'Buchungsseiten eines Teams oder einer Person, jede mit einem Link zum Teilen.',
  new: 'Neue Seite',
  edit: 'Seite bearbeiten',
  create: 'Seite erstellen',
  created: 'Seite erstellt',
  none: 'Noch keine Seiten',
  none_text: 'Eine Seite zeigt die Terminarten, die Sie auswählen, und hat einen Link zum Teilen.',
  delete: 'Seite löschen',
  delete_title: '„{name}“ löschen?',
  delete_text: 'Ihre Links funktionieren nicht mehr. Die Terminarten werden nicht gelöscht.',
  open_named: '{name} öffnen',
  url_path: 'URL-Pfad',
  description: 'Beschreibung',
  and_more: 'und {count} weitere',
  types_in_order: 'Terminarten in dieser Reihenfolge',
  chosen_count: '{count} von {all} auf dieser Seite',
  on_this_page: 'Auf dieser Seite',
  not_on_this_page: 'Nicht auf dieser Seite',
  add_all: 'Alle {count} hinzufügen',
}
