import type { TextsOf } from './catalog.ts'

export const tags: TextsOf<'tags'> = {
  title: 'Etiquetas',
  lead: 'Marcas para las reuniones, como «primera visita» o «no asistió». Los webhooks reciben un aviso al añadir o quitar una.',
  new: 'Nueva etiqueta',
  rename: 'Cambiar el nombre',
  rename_named: 'Cambiar el nombre de {name}',
  create: 'Crear etiqueta',
  empty_title: 'Aún no hay etiquetas',
  empty_text: 'Crea una aquí o con la API.',
  delete_question: '¿Eliminar «{name}»?',
  delete_text: 'No se puede eliminar una etiqueta que usa una reunión: quítala antes de todas las reuniones.',
  delete: 'Eliminar etiqueta',
  created_on: 'creada: {date}',
  name_help: 'Distingue mayúsculas. No se puede cambiar el nombre de una etiqueta que usa una reunión.',
  created: 'Etiqueta «{name}» creada',
  renamed: 'La etiqueta ahora se llama «{name}»',
  deleted: 'Etiqueta «{name}» eliminada',
}
