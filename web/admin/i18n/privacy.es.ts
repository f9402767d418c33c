import type { TextsOf } from './catalog.ts'

export const privacy: TextsOf<'privacy'> = {
  title: 'Privacidad',
  lead: 'Consulta, exporta y borra lo que se guarda de una persona.',
  person: 'Datos de una persona',
  address: 'Dirección de correo',
  address_help: 'Da igual mayúsculas o minúsculas.',
  nothing: 'No hay nada guardado sobre {email}.',
  stored_about: 'Guardado sobre {email}',
  is_member: '{email} es miembro de la organización. Elimina primero al miembro para borrar a la persona.',
  export: 'Descargar los datos',
  erase_open: 'Borrar…',
  erase_question: '¿Borrar {email}?',
  erase: 'Borrar persona',
  erase_text:
    'Nombre, dirección, respuestas y mensajes se sobrescriben en todas partes, también en las actividades que envían los webhooks. Las reuniones se mantienen. Las copias de seguridad y los sistemas tras tus webhooks conservan sus copias. No se puede deshacer.',
  erased: '{email} borrado: {meetings} reuniones, {activities} actividades, {mails} correos.',
  meetings: 'Reuniones',
  activities: 'Actividades',
  mails: 'Correos',
  deliveries: 'Entregas de webhooks',
  requests: 'Peticiones grabadas por inspectores',
  responses: 'Respuestas guardadas para reintentos',
  audit_entries: 'Entradas del registro de auditoría',
  holds: 'Reservas sin confirmar',
  blocks: 'Bloqueos de la dirección',
  member_entries: 'Entradas como miembro',
  past: 'Reuniones pasadas',
  days: 'Borrar a las personas después de (días)',
  days_help:
    'Los nombres, direcciones y respuestas de los asistentes se borran tantos días después de terminar la reunión; la reunión se mantiene. No se puede deshacer. Déjalo vacío para conservarlos.',
}
