import type { Language } from '../../src/i18n/languages.ts'

/* The names of the zones' cities in the reader's language. Each page loads them together with its texts. */

let names: ReadonlyMap<string, string> = new Map()

/** Returns the name in the loaded language. Undefined if it is the same as in English. */
export const localCityOf = (zone: string): string | undefined => names.get(zone)

/** Loads the names in a language and uses them from then on. If they cannot be loaded, the English names are used. */
export async function loadCities(language: Language): Promise<void> {
  names = new Map(readCities(await textIn(language).catch(() => '')))
}

const readCities = (text: string) =>
  text
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [city = '', zones = ''] = line.split(';')
      return zones.split(' ').map((zone) => [zone, city] as const)
    })

async function textIn(language: Language): Promise<string> {
  switch (language) {
    case 'en':
      return ''
    case 'de':
      return (await import('./cities.de.ts')).cities
    case 'fr':
      return (await import('./cities.fr.ts')).cities
    case 'es':
      return (await import('./cities.es.ts')).cities
    case 'pt':
      return (await import('./cities.pt.ts')).cities
  }
}

/** Time zones that runtimes still list under an older spelling, although people search for the current one. */
const renamed: Record<string, string> = {
  'Africa/Asmera': 'Asmara',
  'America/Buenos_Aires': 'Buenos Aires',
  'America/Godthab': 'Nuuk',
  'Asia/Calcutta': 'Kolkata',
  'Asia/Katmandu': 'Kathmandu',
  'Asia/Rangoon': 'Yangon',
  'Asia/Saigon': 'Ho Chi Minh City',
  'Atlantic/Faeroe': 'Faroe',
  'Europe/Kiev': 'Kyiv',
  'Pacific/Enderbury': 'Kanton',
  'Pacific/Ponape': 'Pohnpei',
  'Pacific/Truk': 'Chuuk',
}

/** Returns the city in the zone's own name: `America/Argentina/San_Juan` becomes `San Juan`. */
export const englishCityOf = (zone: string): string =>
  renamed[zone] ?? zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ')
