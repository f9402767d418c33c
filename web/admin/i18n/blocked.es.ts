import type { TextsOf } from './catalog.ts'

export const blocked: TextsOf<'blocked'> = {
  title: 'Asistentes bloqueados',
  lead: 'Correos y dominios que no pueden reservar en tus páginas. No se les dice por qué.',
  block: 'Bloquear',
  empty_title: 'No hay nadie bloqueado',
  empty_text: 'Bloquea aquí una dirección o un dominio, o a un asistente de una reunión.',
  everyone_at: 'Todos los de {domain}',
  blocked_on: 'bloqueado: {date}',
  unblock: 'Desbloquear',
  unblock_named: 'Desbloquear {name}',
  unblock_question: '¿Desbloquear «{name}»?',
  unblock_text: 'Podrá volver a reservar en tus páginas.',
  value: 'Correo o dominio',
  value_help: 'Un dominio como example.com bloquea todas sus direcciones. Lo ya reservado se mantiene.',
  is_blocked: '{name} está bloqueado',
  can_book: '{name} puede volver a reservar',
  cancelled: { one: '{count} reunión cancelada', other: '{count} reuniones canceladas' },
  cancel_all_title: 'Cancelar todo y bloquear',
  no_one: 'A nadie, solo cancelar',
  counting: 'Contando las reuniones próximas…',
  will_cancel: {
    one: 'Se cancelará {count} reunión próxima de {name}. Los demás asistentes conservan su plaza. No se puede deshacer.',
    other:
      'Se cancelarán {count} reuniones próximas de {name}. Los demás asistentes conservan su plaza. No se puede deshacer.',
  },
  message_help: 'Se incluye en el correo (opcional).',
  cancel: 'Cancelar reuniones',
  cancel_and_block: 'Cancelar reuniones y bloquear',
}
