import type { MailTexts } from './mail-texts.en.ts'

/** European Portuguese that readers in Brazil also understand. */
export const pt: MailTexts = {
  attendee_requested_subject: 'Pedida: {what} com {hosts}, {when}',
  attendee_requested_heading: 'O seu pedido foi enviado',
  attendee_requested_text:
    'Vai receber um e-mail quando for aprovado ou recusado. Até lá, o horário fica reservado para si.',
  attendee_confirmed_subject: 'Confirmada: {what} com {hosts}, {when}',
  attendee_confirmed_heading: 'A sua reunião está confirmada',
  attendee_approved_heading: 'O seu pedido foi aprovado',
  attendee_approved_text: 'A reunião realiza-se conforme pedido.',
  attendee_declined_subject: 'Recusada: {what} com {hosts}, {when}',
  attendee_declined_heading: 'O seu pedido foi recusado',
  attendee_declined_text: 'A reunião não se realiza.',
  attendee_cancelled_subject: 'Cancelada: {what} com {hosts}, {when}',
  attendee_cancelled_heading: 'A sua reunião foi cancelada',
  attendee_cancelled_text: 'Cancelada por {hosts}.',
  attendee_cancelled_by_you_heading: 'Cancelou a sua reunião',
  attendee_rescheduled_subject: 'Reagendada: {what} com {hosts}, {when}',
  attendee_rescheduled_pending_subject: 'Novo horário pedido: {what} com {hosts}, {when}',
  attendee_rescheduled_heading: 'A sua reunião foi reagendada',
  attendee_rescheduled_by_you_heading: 'Reagendou a sua reunião',
  attendee_rescheduled_pending_text:
    'Vai receber um e-mail quando o novo horário for aprovado ou recusado. Até lá, fica reservado para si.',
  attendee_reminder_subject: 'Lembrete: {what} com {hosts}, {when}',
  attendee_reminder_heading: 'A sua reunião está próxima',
  attendee_repeated_subject: 'Já tem um lugar: {what} com {hosts}, {when}',
  attendee_repeated_heading: 'Já tem um lugar',
  attendee_repeated_text:
    'Alguém, talvez o próprio, acabou de reservar de novo esta reunião com o seu endereço de e-mail. Nada mudou.',

  host_requested_subject: 'Aguarda aprovação: {what}, pedida por {people}, {when}',
  host_requested_heading: 'Uma reunião precisa da sua aprovação',
  host_requested_text: 'O horário fica reservado até a aprovar ou recusar.',
  host_confirmed_subject: 'Nova reunião: {what} com {people}, {when}',
  host_confirmed_heading: 'Tem uma nova reunião',
  host_approved_subject: 'Aprovada: {what} com {people}, {when}',
  host_approved_heading: 'A reunião foi aprovada',
  host_declined_subject: 'Recusada: {what} com {people}, {when}',
  host_declined_heading: 'A reunião foi recusada',
  host_declined_one_heading: 'Um pedido foi recusado',
  host_cancelled_subject: 'Cancelada: {what} com {people}, {when}',
  host_cancelled_heading: 'A reunião foi cancelada',
  host_cancelled_by_attendee_heading: 'Cancelamento de {people}',
  host_time_available_text: 'O horário está novamente disponível.',
  host_others_remain_text: 'A reunião realiza-se com os restantes participantes.',
  host_rescheduled_subject: 'Reagendada: {what} com {people}, {when}',
  host_rescheduled_pending_subject: 'Aguarda aprovação: novo horário para {what} com {people}, {when}',
  host_rescheduled_heading: 'A reunião foi reagendada',
  host_rescheduled_by_attendee_heading: 'Reunião reagendada por {people}',
  host_rescheduled_pending_text: 'O novo horário fica reservado até o aprovar ou recusar.',

  webhook_failing_subject: 'Um webhook de {organization} está a falhar',
  webhook_failing_heading: 'Um webhook está a falhar',
  webhook_failing_since: 'As suas entregas falham desde {since}.',
  webhook_failing_until:
    'Se nenhuma tiver êxito antes de {disabled_at}, o webhook será desativado e não receberá mais nada. Até lá, as entregas falhadas são repetidas.',
  webhook_disabled_subject: 'Um webhook de {organization} foi desativado',
  webhook_disabled_heading: 'Um webhook foi desativado',
  webhook_disabled_gone: 'O recetor respondeu 410 Gone e não quer receber mais entregas.',
  webhook_disabled_text:
    'Nada mais lhe é enviado. Quando o recetor voltar a funcionar, ative o webhook e reenvie as entregas em falta.',

  password_reset_subject: 'Reponha a sua palavra-passe de {organization}',
  password_reset_heading: 'Reponha a sua palavra-passe',
  password_reset_text: {
    one: 'Alguém pediu uma nova palavra-passe para a sua conta. A ligação funciona uma vez, durante {count} minuto.',
    other: 'Alguém pediu uma nova palavra-passe para a sua conta. A ligação funciona uma vez, durante {count} minutos.',
  },
  password_reset_ignore: 'Se não foi o seu caso, ignore este e-mail: a sua palavra-passe não muda.',

  password_changed_subject: 'A sua palavra-passe de {organization} foi alterada',
  password_changed_heading: 'A sua palavra-passe foi alterada',
  password_changed_text:
    'Alteração: {moment}. Todas as outras sessões foram terminadas e as ligações anteriores de reposição deixaram de funcionar.',
  password_changed_remedy:
    'Se não foi o seu caso, escolha uma nova palavra-passe com «Esqueceu-se da palavra-passe?» na página de início de sessão e avise a pessoa que gere este servidor.',

  new_sign_in_subject: 'Novo início de sessão em {organization}',
  new_sign_in_heading: 'Novo início de sessão na sua conta',
  new_sign_in_text: 'Alguém iniciou sessão na sua conta num navegador que não tinha sido usado antes: {moment}.',
  new_sign_in_remedy:
    'Se foi o seu caso, ignore este e-mail. Caso contrário, altere a sua palavra-passe: isso termina todas as outras sessões.',

  second_factor_on_subject: 'O segundo fator da sua conta de {organization} foi ativado',
  second_factor_on_text:
    'Para iniciar sessão é agora necessário um código da sua aplicação de autenticação: {moment}. Guarde os códigos de recuperação num lugar seguro.',
  second_factor_off_subject: 'O segundo fator da sua conta de {organization} foi desativado',
  second_factor_off_text: 'Para iniciar sessão já não é necessário nenhum código: {moment}.',
  passkey_added_subject: 'Foi adicionada uma chave de acesso à sua conta de {organization}',
  passkey_added_text: 'Adicionada: {moment}. O dispositivo que a contém pode iniciar sessão na sua conta.',
  passkey_removed_subject: 'Foi removida uma chave de acesso da sua conta de {organization}',
  passkey_removed_text: 'Removida: {moment}. Já não serve para iniciar sessão.',
  sign_in_changed_remedy:
    'Se não foi o seu caso, altere a sua palavra-passe: isso termina todas as outras sessões. Depois, avise a pessoa que gere este servidor.',

  email_confirmation_subject: 'Confirme o seu endereço de e-mail: {what}',
  email_confirmation_heading: 'Confirme o seu endereço de e-mail',
  email_confirmation_text: {
    one: 'Alguém, provavelmente o próprio, quer reservar: {what}, {when}. O horário fica reservado durante {count} minuto. Nada é marcado até confirmar.',
    other:
      'Alguém, provavelmente o próprio, quer reservar: {what}, {when}. O horário fica reservado durante {count} minutos. Nada é marcado até confirmar.',
  },
  email_confirmation_ignore: 'Se não foi o próprio, ignore este e-mail: nada será marcado.',

  calendar_failing_subject: 'Não é possível ler o seu calendário {calendar}',
  calendar_failing_since: 'Não pode ser lido desde {since}.',
  calendar_failing_text:
    'Até poder ser lido de novo, contam durante 24 horas os últimos horários ocupados conhecidos. Depois disso, não será proposto para reuniões.',
  calendar_failing_closed: 'Não é possível marcar reuniões consigo até poder ser lido de novo.',
  calendar_changes_subject: {
    one: 'Alterou uma reunião no seu calendário {calendar}',
    other: 'Alterou {count} reuniões no seu calendário {calendar}',
  },
  calendar_changes_text:
    'Decida se a alteração vale para todos ou se o seu calendário deve voltar a mostrá-las como estavam.',
  calendar_restored_subject: 'Não foi possível alterar uma reunião a partir do seu calendário {calendar}',
  calendar_restored_text:
    'A reunião mantém-se em {when} e o seu calendário volta a mostrá-la nesse horário. Talvez outra reunião ocupe o novo horário, ou a reunião tenha vários anfitriões.',
  invitation_subject: 'Convite de {invited_by} para {organization}',
  invitation_heading: 'Recebeu um convite para {organization}',
  invitation_text: {
    one: 'Recebeu um convite de {invited_by}. A ligação funciona uma vez, durante {count} dia.',
    other: 'Recebeu um convite de {invited_by}. A ligação funciona uma vez, durante {count} dias.',
  },

  entry_with: '{what} com {people}',

  label_what: 'O quê',
  label_when: 'Quando',
  label_before: 'Horário anterior',
  label_where: 'Onde',
  label_phone: 'Telefone',
  place_as_given: 'como indicado ao marcar',
  label_room: 'Videoconferência',
  label_password: 'Palavra-passe da reunião',
  label_host: 'Anfitrião',
  label_attendee: 'Reservada por',
  label_webhook: 'Webhook',
  label_description: 'Descrição',
  label_problem: 'Último erro',
  label_browser: 'Navegador',
  label_address: 'Endereço de rede',

  action_join: 'Entrar na videoconferência',
  action_show: 'Ver a reunião',
  action_reschedule: 'Reagendar a reunião',
  action_cancel: 'Cancelar a reunião',
  action_answer: 'Aprovar ou recusar',
  action_webhook: 'Ver o webhook',
  action_password_reset: 'Escolher uma nova palavra-passe',
  action_email_confirmation: 'Confirmar e reservar',
  action_account: 'Abrir o Bookbell',
  action_calendars: 'Abrir os calendários',
  action_invitation: 'Aceitar o convite',

  colon: ':',
  footer: 'Enviado pelo Bookbell para {organization}',
  quote: '{person} escreveu:',
  and_more: { one: 'e mais {count}', other: 'e mais {count}' },
  yes: 'Sim',
  no: 'Não',
}
