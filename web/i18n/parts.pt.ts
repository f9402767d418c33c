import type { PartsTexts } from './parts.en.ts'

export const parts: PartsTexts = {
  close: 'Fechar',
  copied: 'Copiado',
  optional: 'opcional',
  choose: 'Escolher…',
  timezone: 'Fuso horário',
  change_timezone: 'Alterar o fuso horário:',
  search_timezone: 'Procurar cidade ou fuso horário',
  timezone_none_found: 'Nenhum fuso horário encontrado.',
  timezone_detected: 'O seu dispositivo',
  timezones_found: { one: '{count} fuso horário', other: '{count} fusos horários' },
  too_many: 'Demasiados pedidos. Aguarde um momento e tente de novo.',
  network: 'Não é possível contactar o servidor. Verifique a ligação e tente de novo.',
  unknown_problem: 'Algo correu mal. Tente de novo.',
}
