import type { InspectorTexts } from './en.ts'

export const pt: InspectorTexts = {
  title: 'Inspetor',
  title_count: '({count}) Inspetor',
  received: { one: '{count} pedido recebido. {last}', other: '{count} pedidos recebidos. {last}' },
  live: 'Em direto',
  connecting: 'A ligar…',
  list: 'Pedidos, os mais recentes primeiro',
  request_of: 'Pedido {method}',
  valid: 'Assinatura válida',
  invalid: 'Assinatura inválida',
  unsigned: 'Não assinado',
  valid_text: 'Assinado por um webhook desta organização que aponta para aqui. O corpo não foi alterado pelo caminho.',
  invalid_text:
    'A assinatura não corresponde a nenhum webhook que aponte para aqui: o segredo ou o corpo é diferente, ou o carimbo de data/hora é demasiado antigo.',
  unsigned_text: 'Falta o cabeçalho webhook-signature, por isso qualquer pessoa pode ter enviado isto.',
  summary: '{time} · {size} · resposta {status}',
  copy_curl: 'Copiar como curl',
  body: 'Corpo',
  copy_body: 'Copiar o corpo',
  headers: 'Cabeçalhos',
  copy_headers: 'Copiar os cabeçalhos',
  empty_body: 'O corpo está vazio.',
  cut: 'Só é guardada a primeira parte dos {size}.',
  waiting: 'À espera do primeiro pedido',
  waiting_text:
    'Aponte um webhook para este inspetor e reserve uma reunião. Os pedidos aparecem aqui de imediato, com cabeçalhos, corpo e verificação da assinatura.',
  missing: 'Inspetor não encontrado',
  missing_text: 'O URL pode estar incompleto ou o inspetor foi eliminado.',
  failed: 'Não foi possível carregar os pedidos',
}
