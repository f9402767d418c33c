import type { MessageKey, Messages, Plural } from './en.ts'

export type Values = Record<string, string | number>
export type Translate = (key: MessageKey, values?: Values) => string

/** The text for a key in one language; `count` chooses among plural forms. */
export function translator(messages: Messages, tag: string): Translate {
  const plurals = new Intl.PluralRules(tag)
  const numbers = new Intl.NumberFormat(tag)
  return (key, values = {}) => {
    const message = messages[key]
    const text = typeof message === 'string' ? message : formOf(message, plurals.select(Number(values.count ?? 0)))
    return text.replaceAll(/\{(\w+)\}/g, (hole, name: string) => {
      const value = values[name]
      if (value === undefined) return hole
      return typeof value === 'number' ? numbers.format(value) : value
    })
  }
}

function formOf(plural: Plural, category: Intl.LDMLPluralRule): string {
  if (category === 'one') return plural.one
  return category === 'many' ? (plural.many ?? plural.other) : plural.other
}
