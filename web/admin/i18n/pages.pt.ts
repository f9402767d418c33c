import type { TextsOf } from './catalog.ts'

export const pages: TextsOf<'pages'> = {
  title: 'Páginas',
  lead: 'Páginas de marcação de uma equipa ou pessoa, cada uma com uma ligação para partilhar.',
  new: 'Nova página',
  edit: 'Editar página',
  create: 'Criar página',
  created: 'Página criada',
  none: 'Ainda não há páginas',
  none_text: 'Uma página mostra os tipos de reunião que escolher e tem uma ligação para partilhar.',
  delete: 'Eliminar página',
  delete_title: 'Eliminar «{name}»?',
  delete_text: 'As suas ligações deixam de funcionar. Os tipos de reunião não são eliminados.',
  open_named: 'Abrir {name}',
  url_path: 'Caminho do URL',
  description: 'Descrição',
  and_more: 'e mais {count}',
  types_in_order: 'Tipos de reunião, por esta ordem',
  chosen_count: '{count} de {all} nesta página',
  on_this_page: 'Nesta página',
  not_on_this_page: 'Fora desta página',
  add_all: 'Adicionar todos os {count}',
}
