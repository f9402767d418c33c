import type { TextsOf } from './catalog.ts'

export const tags: TextsOf<'tags'> = {
  title: 'Schlagwörter',
  lead: 'Kennzeichnungen für Termine, zum Beispiel „Erstbesuch“ oder „nicht erschienen“. Webhooks werden benachrichtigt, wenn eines hinzugefügt oder entfernt wird.',
  new: 'Neues Schlagwort',
  rename: 'Schlagwort umbenennen',
  rename_named: '{name} umbenennen',
  create: 'Schlagwort erstellen',
  empty_title: 'Noch keine Schlagwörter',
  empty_text: 'Erstellen Sie eines hier oder über die API.',
  delete_question: '„{name}“ löschen?',
  delete_text:
    'Ein Schlagwort, das ein Termin verwendet, kann nicht gelöscht werden: Entfernen Sie es zuerst aus allen Terminen.',
  delete: 'Schlagwort löschen',
  created_on: 'erstellt: {date}',
  name_help: 'Groß- und Kleinschreibung zählt. Ein Schlagwort, das ein Termin verwendet, kann nicht umbenannt werden.',
  created: 'Schlagwort „{name}“ erstellt',
  renamed: 'Schlagwort in „{name}“ umbenannt',
  deleted: 'Schlagwort „{name}“ gelöscht',
}
