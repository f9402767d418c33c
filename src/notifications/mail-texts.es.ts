import type { MailTexts } from './mail-texts.en.ts'

/** European Spanish, informal (tú). */
export const es: MailTexts = {
  attendee_requested_subject: 'Solicitada: {what} con {hosts}, {when}',
  attendee_requested_heading: 'Tu solicitud se ha enviado',
  attendee_requested_text:
    'Recibirás un correo cuando se apruebe o se rechace. Hasta entonces, te reservamos el horario.',
  attendee_confirmed_subject: 'Confirmada: {what} con {hosts}, {when}',
  attendee_confirmed_heading: 'Tu reunión está confirmada',
  attendee_approved_heading: 'Tu solicitud ha sido aprobada',
  attendee_approved_text: 'La reunión tendrá lugar según lo solicitado.',
  attendee_declined_subject: 'Rechazada: {what} con {hosts}, {when}',
  attendee_declined_heading: 'Tu solicitud ha sido rechazada',
  attendee_declined_text: 'La reunión no tendrá lugar.',
  attendee_cancelled_subject: 'Cancelada: {what} con {hosts}, {when}',
  attendee_cancelled_heading: 'Tu reunión ha sido cancelada',
  attendee_cancelled_text: 'Cancelada por {hosts}.',
  attendee_cancelled_by_you_heading: 'Has cancelado tu reunión',
  attendee_rescheduled_subject: 'Reprogramada: {what} con {hosts}, {when}',
  attendee_rescheduled_pending_subject: 'Nuevo horario solicitado: {what} con {hosts}, {when}',
  attendee_rescheduled_heading: 'Tu reunión se ha reprogramado',
  attendee_rescheduled_by_you_heading: 'Has reprogramado tu reunión',
  attendee_rescheduled_pending_text:
    'Recibirás un correo cuando el nuevo horario se apruebe o se rechace. Hasta entonces, te lo reservamos.',
  attendee_reminder_subject: 'Recordatorio: {what} con {hosts}, {when}',
  attendee_reminder_heading: 'Se acerca tu reunión',
  attendee_repeated_subject: 'Ya tienes una plaza: {what} con {hosts}, {when}',
  attendee_repeated_heading: 'Ya tienes una plaza',
  attendee_repeated_text:
    'Alguien, quizá tú, acaba de reservar otra vez esta reunión con tu dirección de correo. No ha cambiado nada.',

  host_requested_subject: 'Pendiente de aprobación: {what}, solicitada por {people}, {when}',
  host_requested_heading: 'Una reunión necesita tu aprobación',
  host_requested_text: 'El horario queda reservado hasta que la apruebes o la rechaces.',
  host_confirmed_subject: 'Nueva reunión: {what} con {people}, {when}',
  host_confirmed_heading: 'Tienes una nueva reunión',
  host_approved_subject: 'Aprobada: {what} con {people}, {when}',
  host_approved_heading: 'La reunión ha sido aprobada',
  host_declined_subject: 'Rechazada: {what} con {people}, {when}',
  host_declined_heading: 'La reunión ha sido rechazada',
  host_declined_one_heading: 'Se ha rechazado una solicitud',
  host_cancelled_subject: 'Cancelada: {what} con {people}, {when}',
  host_cancelled_heading: 'La reunión ha sido cancelada',
  host_cancelled_by_attendee_heading: 'Cancelación de {people}',
  host_time_available_text: 'El horario vuelve a estar disponible.',
  host_others_remain_text: 'La reunión tendrá lugar con los demás asistentes.',
  host_rescheduled_subject: 'Reprogramada: {what} con {people}, {when}',
  host_rescheduled_pending_subject: 'Pendiente de aprobación: nuevo horario para {what} con {people}, {when}',
  host_rescheduled_heading: 'La reunión se ha reprogramado',
  host_rescheduled_by_attendee_heading: 'Reunión reprogramada por {people}',
  host_rescheduled_pending_text: 'El nuevo horario queda reservado hasta que lo apruebes o lo rechaces.',

  webhook_failing_subject: 'Un webhook de {organization} está fallando',
  webhook_failing_heading: 'Un webhook está fallando',
  webhook_failing_since: 'Sus entregas fallan desde el {since}.',
  webhook_failing_until:
    'Si ninguna tiene éxito antes del {disabled_at}, el webhook se desactivará y no recibirá nada más. Hasta entonces, las entregas fallidas se reintentan.',
  webhook_disabled_subject: 'Un webhook de {organization} se ha desactivado',
  webhook_disabled_heading: 'Un webhook se ha desactivado',
  webhook_disabled_gone: 'Su receptor ha respondido 410 Gone y no quiere recibir más entregas.',
  webhook_disabled_text:
    'Ya no se le envía nada. Cuando el receptor vuelva a funcionar, activa el webhook y reenvía las entregas que no recibió.',

  password_reset_subject: 'Restablece tu contraseña de {organization}',
  password_reset_heading: 'Restablece tu contraseña',
  password_reset_text: {
    one: 'Alguien ha solicitado una nueva contraseña para tu cuenta. El enlace funciona una vez, durante {count} minuto.',
    other:
      'Alguien ha solicitado una nueva contraseña para tu cuenta. El enlace funciona una vez, durante {count} minutos.',
  },
  password_reset_ignore: 'Si no has sido tú, ignora este correo: tu contraseña no cambia.',

  password_changed_subject: 'Tu contraseña de {organization} ha cambiado',
  password_changed_heading: 'Tu contraseña ha cambiado',
  password_changed_text:
    'Cambio: {moment}. Se han cerrado todas las demás sesiones y los enlaces anteriores para restablecerla ya no funcionan.',
  password_changed_remedy:
    'Si no has sido tú, elige una nueva contraseña con «¿Has olvidado tu contraseña?» en la página de inicio de sesión y avisa a la persona que gestiona este servidor.',

  new_sign_in_subject: 'Nuevo inicio de sesión en {organization}',
  new_sign_in_heading: 'Nuevo inicio de sesión en tu cuenta',
  new_sign_in_text: 'Alguien ha iniciado sesión en tu cuenta con un navegador que no se había usado antes: {moment}.',
  new_sign_in_remedy:
    'Si has sido tú, ignora este correo. Si no, cambia tu contraseña: así se cierran todas las demás sesiones.',

  second_factor_on_subject: 'Se ha activado el segundo factor de tu cuenta de {organization}',
  second_factor_on_text:
    'Para iniciar sesión se necesita ahora un código de tu aplicación de autenticación: {moment}. Guarda los códigos de recuperación en un lugar seguro.',
  second_factor_off_subject: 'Se ha desactivado el segundo factor de tu cuenta de {organization}',
  second_factor_off_text: 'Para iniciar sesión ya no se necesita ningún código: {moment}.',
  passkey_added_subject: 'Se ha añadido una llave de acceso a tu cuenta de {organization}',
  passkey_added_text: 'Añadida: {moment}. El dispositivo que la contiene puede iniciar sesión en tu cuenta.',
  passkey_removed_subject: 'Se ha quitado una llave de acceso de tu cuenta de {organization}',
  passkey_removed_text: 'Quitada: {moment}. Ya no sirve para iniciar sesión.',
  sign_in_changed_remedy:
    'Si no has sido tú, cambia tu contraseña: así se cierran todas las demás sesiones. Después, avisa a la persona que gestiona este servidor.',

  email_confirmation_subject: 'Confirma tu dirección de correo: {what}',
  email_confirmation_heading: 'Confirma tu dirección de correo',
  email_confirmation_text: {
    one: 'Alguien, probablemente tú, quiere reservar: {what}, {when}. La hora queda retenida durante {count} minuto. No se reserva nada hasta que confirmes.',
    other:
      'Alguien, probablemente tú, quiere reservar: {what}, {when}. La hora queda retenida durante {count} minutos. No se reserva nada hasta que confirmes.',
  },
  email_confirmation_ignore: 'Si no has sido tú, ignora este correo: no se reservará nada.',

  calendar_failing_subject: 'No se puede leer tu calendario {calendar}',
  calendar_failing_since: 'No se puede leer desde {since}.',
  calendar_failing_text:
    'Hasta que se pueda leer de nuevo, sus últimos horarios ocupados conocidos cuentan durante 24 horas. Después ya no se te ofrece para reuniones.',
  calendar_failing_closed: 'No se pueden reservar reuniones contigo hasta que se pueda leer de nuevo.',
  calendar_changes_subject: {
    one: 'Has cambiado una reunión en tu calendario {calendar}',
    other: 'Has cambiado {count} reuniones en tu calendario {calendar}',
  },
  calendar_changes_text:
    'Decide si el cambio vale para todos o si tu calendario debe volver a mostrarlas como estaban.',
  calendar_restored_subject: 'No se pudo cambiar una reunión desde tu calendario {calendar}',
  calendar_restored_text:
    'La reunión sigue el {when} y tu calendario vuelve a mostrarla ahí. Quizá otra reunión ocupa la nueva hora, o la reunión tiene varios anfitriones.',
  invitation_subject: '{invited_by} te ha invitado a {organization}',
  invitation_heading: 'Te han invitado a {organization}',
  invitation_text: {
    one: '{invited_by} te ha invitado. El enlace funciona una vez, durante {count} día.',
    other: '{invited_by} te ha invitado. El enlace funciona una vez, durante {count} días.',
  },

  entry_with: '{what} con {people}',

  label_what: 'Qué',
  label_when: 'Cuándo',
  label_before: 'Horario anterior',
  label_where: 'Dónde',
  label_phone: 'Teléfono',
  place_as_given: 'como se indicó al reservar',
  label_room: 'Videoconferencia',
  label_password: 'Contraseña de la reunión',
  label_host: 'Anfitrión',
  label_attendee: 'Reservada por',
  label_webhook: 'Webhook',
  label_description: 'Descripción',
  label_problem: 'Último error',
  label_browser: 'Navegador',
  label_address: 'Dirección de red',

  action_join: 'Unirse a la videoconferencia',
  action_show: 'Ver la reunión',
  action_reschedule: 'Reprogramar la reunión',
  action_cancel: 'Cancelar la reunión',
  action_answer: 'Aprobar o rechazar',
  action_webhook: 'Ver el webhook',
  action_password_reset: 'Elegir una nueva contraseña',
  action_email_confirmation: 'Confirmar y reservar',
  action_account: 'Abrir Bookbell',
  action_calendars: 'Abrir los calendarios',
  action_invitation: 'Aceptar la invitación',

  colon: ':',
  footer: 'Enviado por Bookbell para {organization}',
  quote: '{person} escribió:',
  and_more: { one: 'y {count} más', other: 'y {count} más' },
  yes: 'Sí',
  no: 'No',
}
