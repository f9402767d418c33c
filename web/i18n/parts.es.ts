import type { PartsTexts } from './parts.en.ts'

export const parts: PartsTexts = {
  close: 'Cerrar',
  copied: 'Copiado',
  optional: 'opcional',
  choose: 'Elegir…',
  timezone: 'Zona horaria',
  change_timezone: 'Cambiar la zona horaria:',
  search_timezone: 'Busca una ciudad o zona horaria',
  timezone_none_found: 'Ninguna zona horaria coincide.',
  timezone_detected: 'Tu dispositivo',
  timezones_found: { one: '{count} zona horaria', other: '{count} zonas horarias' },
  too_many: 'Demasiadas solicitudes. Espera un momento e inténtalo de nuevo.',
  network: 'No se puede conectar con el servidor. Comprueba tu conexión e inténtalo de nuevo.',
  unknown_problem: 'Algo ha fallado. Inténtalo de nuevo.',
}
