import type { TextsOf } from './catalog.ts'

export const privacy: TextsOf<'privacy'> = {
  title: 'Privacidade',
  lead: 'Veja, exporte e apague o que está guardado sobre uma pessoa.',
  person: 'Dados de uma pessoa',
  address: 'Endereço de e-mail',
  address_help: 'Maiúsculas e minúsculas não importam.',
  nothing: 'Não há nada guardado sobre {email}.',
  stored_about: 'Guardado sobre {email}',
  is_member: '{email} é membro da organização. Elimine primeiro o membro para apagar a pessoa.',
  export: 'Transferir os dados',
  erase_open: 'Apagar…',
  erase_question: 'Apagar {email}?',
  erase: 'Apagar pessoa',
  erase_text:
    'Nome, endereço, respostas e mensagens são substituídos em todo o lado, também nas atividades que os webhooks enviam. As reuniões ficam. As cópias de segurança e os sistemas ligados aos webhooks mantêm as suas cópias. Não pode ser anulado.',
  erased: '{email} apagado: {meetings} reuniões, {activities} atividades, {mails} e-mails.',
  meetings: 'Reuniões',
  activities: 'Atividades',
  mails: 'E-mails',
  deliveries: 'Entregas de webhooks',
  requests: 'Pedidos gravados por inspetores',
  responses: 'Respostas guardadas para repetições',
  audit_entries: 'Entradas do registo de auditoria',
  holds: 'Reservas por confirmar',
  blocks: 'Bloqueios do endereço',
  member_entries: 'Entradas como membro',
  past: 'Reuniões passadas',
  days: 'Apagar as pessoas após (dias)',
  days_help:
    'Nomes, endereços e respostas dos participantes são apagados estes dias depois de a reunião terminar; a reunião fica. Não pode ser anulado. Deixe vazio para os manter.',
}
