import type { TextsOf } from './catalog.ts'

export const pages: TextsOf<'pages'> = {
  title: 'Páginas',
  lead: 'Páginas de reserva de un equipo o de una persona, cada una con un enlace para compartir.',
  new: 'Nueva página',
  edit: 'Editar página',
  create: 'Crear página',
  created: 'Página creada',
  none: 'Aún no hay páginas',
  none_text: 'Una página muestra los tipos de reunión que elijas y tiene un enlace para compartir.',
  delete: 'Eliminar página',
  delete_title: '¿Eliminar «{name}»?',
  delete_text: 'Sus enlaces dejarán de funcionar. Sus tipos de reunión no se eliminan.',
  open_named: 'Abrir {name}',
  url_path: 'Ruta de la URL',
  description: 'Descripción',
  and_more: 'y {count} más',
  types_in_order: 'Tipos de reunión, en este orden',
  chosen_count: '{count} de {all} en esta página',
  on_this_page: 'En esta página',
  not_on_this_page: 'No están en esta página',
  add_all: 'Añadir los {count}',
}
