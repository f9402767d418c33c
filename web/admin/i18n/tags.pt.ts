import type { TextsOf } from './catalog.ts'

export const tags: TextsOf<'tags'> = {
  title: 'Etiquetas',
  lead: 'Marcas para as reuniões, como «primeira visita» ou «faltou». Os webhooks são notificados quando uma é adicionada ou removida.',
  new: 'Nova etiqueta',
  rename: 'Mudar o nome',
  rename_named: 'Mudar o nome de {name}',
  create: 'Criar etiqueta',
  empty_title: 'Ainda não há etiquetas',
  empty_text: 'Crie uma aqui ou através da API.',
  delete_question: 'Eliminar «{name}»?',
  delete_text: 'Uma etiqueta usada numa reunião não pode ser eliminada: remova-a primeiro de todas as reuniões.',
  delete: 'Eliminar etiqueta',
  created_on: 'criada: {date}',
  name_help: 'Distingue maiúsculas. Não é possível mudar o nome de uma etiqueta usada numa reunião.',
  created: 'Etiqueta «{name}» criada',
  renamed: 'A etiqueta chama-se agora «{name}»',
  deleted: 'Etiqueta «{name}» eliminada',
}
