import type { InspectorTexts } from './en.ts'

export const es: InspectorTexts = {
  title: 'Inspector',
  title_count: '({count}) Inspector',
  received: { one: '{count} solicitud recibida. {last}', other: '{count} solicitudes recibidas. {last}' },
  live: 'En directo',
  connecting: 'Conectando…',
  list: 'Solicitudes, las más recientes primero',
  request_of: 'Solicitud {method}',
  valid: 'Firma válida',
  invalid: 'Firma no válida',
  unsigned: 'Sin firma',
  valid_text: 'Firmada por un webhook de esta organización que apunta aquí. El cuerpo no se modificó por el camino.',
  invalid_text:
    'La firma no corresponde a ningún webhook que apunte aquí: el secreto o el cuerpo es otro, o la marca de tiempo es demasiado antigua.',
  unsigned_text: 'Falta la cabecera webhook-signature, así que cualquiera pudo enviar esto.',
  summary: '{time} · {size} · respuesta {status}',
  copy_curl: 'Copiar como curl',
  body: 'Cuerpo',
  copy_body: 'Copiar el cuerpo',
  headers: 'Cabeceras',
  copy_headers: 'Copiar las cabeceras',
  empty_body: 'El cuerpo está vacío.',
  cut: 'Solo se guarda la primera parte de los {size}.',
  waiting: 'Esperando la primera solicitud',
  waiting_text:
    'Dirige un webhook a este inspector y reserva una reunión. Las solicitudes aparecen aquí al momento, con cabeceras, cuerpo y comprobación de la firma.',
  missing: 'Inspector no encontrado',
  missing_text: 'Puede que la URL esté incompleta o que el inspector se haya eliminado.',
  failed: 'No se han podido cargar las solicitudes',
}
