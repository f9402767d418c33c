import type { TextsOf } from './catalog.ts'

export const blocked: TextsOf<'blocked'> = {
  title: 'Participantes bloqueados',
  lead: 'E-mails e domínios que não podem reservar nas suas páginas. Não lhes é dito porquê.',
  block: 'Bloquear',
  empty_title: 'Ninguém está bloqueado',
  empty_text: 'Bloqueie aqui um endereço ou domínio, ou um participante de uma reunião.',
  everyone_at: 'Todos de {domain}',
  blocked_on: 'bloqueado: {date}',
  unblock: 'Desbloquear',
  unblock_named: 'Desbloquear {name}',
  unblock_question: 'Desbloquear «{name}»?',
  unblock_text: 'Pode voltar a reservar nas suas páginas.',
  value: 'E-mail ou domínio',
  value_help: 'Um domínio como example.com bloqueia todos os seus endereços. O que já está reservado fica.',
  is_blocked: '{name} está bloqueado',
  can_book: '{name} pode voltar a reservar',
  cancelled: { one: '{count} reunião cancelada', other: '{count} reuniões canceladas' },
  cancel_all_title: 'Cancelar tudo e bloquear',
  no_one: 'Ninguém, só cancelar',
  counting: 'A contar as próximas reuniões…',
  will_cancel: {
    one: '{count} próxima reunião de {name} será cancelada. Os outros participantes mantêm o lugar. Não pode ser anulado.',
    other:
      '{count} próximas reuniões de {name} serão canceladas. Os outros participantes mantêm o lugar. Não pode ser anulado.',
  },
  message_help: 'Incluída no e-mail (opcional).',
  cancel: 'Cancelar reuniões',
  cancel_and_block: 'Cancelar reuniões e bloquear',
}
