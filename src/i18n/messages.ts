/** The forms of one text, chosen by `count` using the language's plural rules. */
export interface Plural {
  one: string
  other: string
  many?: string
}

/** The texts of one language by key. `{name}` is replaced by a value. */
export type Catalog = Readonly<Record<string, string | Plural>>

/** The texts that a translation must contain: the keys of `Source`, with plural forms wherever `Source` has them. */
export type TranslationOf<Source extends Catalog> = {
  [Key in keyof Source]: Source[Key] extends string ? string : Plural
}

export type Values = Readonly<Record<string, string | number>>

/** Returns a key's text with its values filled in. */
export type Translate<Key extends string> = (key: Key, values?: Values) => string

/** Creates a language's `Translate` function. `tag` is a BCP 47 tag, used for plural forms and numbers. */
export function translator<Key extends string>(
  catalog: Readonly<Record<Key, string | Plural>>,
  tag: string,
): Translate<Key> {
  const plurals = new Intl.PluralRules(tag)
  const numbers = new Intl.NumberFormat(tag)
  return (key, values = {}) => {
    const message: string | Plural = catalog[key]
    const text = typeof message === 'string' ? message : formOf(message, plurals.select(Number(values.count ?? 0)))
    return text.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => {
      const value = values[name]
      if (value === undefined) return placeholder
      return typeof value === 'number' ? numbers.format(value) : value
    })
  }
}

function formOf(plural: Plural, category: Intl.LDMLPluralRule): string {
  if (category === 'one') return plural.one
  return category === 'many' ? (plural.many ?? plural.other) : plural.other
}
