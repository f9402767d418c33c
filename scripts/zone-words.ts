/**
 * Writes `web/time/zone-words.ts`, which contains the words that people type to find a time zone. They come from the packages
 * `@vvo/tzdb` (countries, abbreviations) and `city-timezones` (cities). Run it with `node scripts/zone-words.ts`. A test compares
 * the file with the packages.
 */
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const load = createRequire(import.meta.url)

interface RawZone {
  name: string
  alternativeName: string
  group: string[]
  countryCode: string
  abbreviation: string
  mainCities: string[]
}
interface City {
  city: string
  city_ascii: string
  pop: number
  timezone: string | null
}

/** Smaller cities are omitted, because the list is loaded when someone opens the zone picker. */
const FEWEST_PEOPLE = 250_000

/** Names of large cities in the pages' other languages. The packages contain the English names. */
const OTHER_NAMES: Record<string, string> = {
  'Europe/Berlin':
    'München|Múnich|Munique|Nürnberg|Núremberg|Nuremberga|Berlín|Berlim|Köln|Colonia|Colónia|Hambourg|Hamburgo|Francfort|' +
    'Fráncfort|Stuttgart|Estugarda|Leipzig|Dresden|Dresde|Hannover|Hanovre|Hanôver|Brême|Aachen|Aix-la-Chapelle|Aquisgrán',
  'Europe/Vienna': 'Wien|Vienne|Viena|Salzburg|Salzbourg|Salzburgo|Graz|Innsbruck',
  'Europe/Zurich':
    'Zürich|Genf|Genève|Ginebra|Genebra|Basel|Bâle|Basilea|Basileia|Bern|Berne|Berna|Lausanne|Luzern|Lucerne|Lucerna',
  'Europe/Rome':
    'Roma|Rom|Milano|Mailand|Milán|Milão|Neapel|Nápoles|Napoli|Turin|Turín|Turim|Torino|Venice|Venedig|Venise|Venecia|' +
    'Veneza|Venezia|Florence|Florenz|Florencia|Florença|Firenze|Genua|Gênes|Génova|Bologne|Bolonia|Bolonha|Palerme',
  'Europe/Brussels':
    'Brüssel|Bruxelles|Bruselas|Bruxelas|Antwerpen|Anvers|Amberes|Antuérpia|Gent|Gand|Gante|Lüttich|Liège|Lieja',
  'Europe/Amsterdam': 'Den Haag|La Haye|La Haya|Haia|Roterdão|Utrecht',
  'Europe/Luxembourg': 'Luxemburg|Luxemburgo',
  'Europe/Lisbon': 'Lisboa|Lissabon|Lisbonne|Porto|Oporto',
  'Europe/London': 'Londres|Londra|Edinburgh|Édimbourg|Edimburgo',
  'Europe/Paris':
    'Marsella|Marselha|Lyon|Nice|Nizza|Niza|Strasbourg|Straßburg|Estrasburgo|Bordeaux|Burdeos|Bordéus|Toulouse',
  'Europe/Warsaw':
    'Warschau|Varsovie|Varsovia|Varsóvia|Warszawa|Kraków|Krakau|Cracovie|Cracovia|Cracóvia|Danzig|Gdańsk|Breslau|Wrocław',
  'Europe/Prague': 'Prag|Praga|Praha|Brünn',
  'Europe/Copenhagen': 'Kopenhagen|Copenhague|København',
  'Europe/Stockholm': 'Estocolmo|Göteborg|Gotemburgo|Malmö',
  'Europe/Athens': 'Athen|Athènes|Atenas|Thessaloniki|Salonique|Salónica|Saloniki',
  'Europe/Moscow': 'Moskau|Moscou|Moscú|Moscovo|Sankt Petersburg|Saint-Pétersbourg|San Petersburgo|São Petersburgo',
  'Europe/Kyiv': 'Kiew|Kiev|Lemberg|Lviv|Odessa',
  'Europe/Istanbul': 'Estambul|Istambul',
  'Europe/Madrid': 'Barcelona|Barcelone|Sevilla|Séville|Sevilha|Saragossa|Saragosse|Zaragoza|Valence|Bilbao',
  'Africa/Cairo': 'Kairo|Le Caire|El Cairo|Alexandrie|Alejandría',
  'Africa/Johannesburg': 'Kapstadt|Le Cap|Ciudad del Cabo|Cidade do Cabo',
  'Africa/Casablanca': 'Marrakesch|Marrakech|Rabat|Tánger|Tanger',
  'Asia/Jerusalem': 'Jérusalem|Jerusalén|Jerusalém|Tel Aviv',
  'Asia/Tokyo': 'Tokio|Tóquio|Kioto|Quioto',
  'Asia/Seoul': 'Séoul|Seúl|Seul',
  'Asia/Shanghai': 'Peking|Pékin|Pekín|Pequim|Schanghai|Kanton|Canton|Cantón|Cantão',
  'Asia/Hong_Kong': 'Hongkong',
  'Asia/Singapore': 'Singapur|Singapour|Singapura',
  'Asia/Kolkata': 'Bangalore|Bombay|Bombaim|Madras|Calcutta|Neu-Delhi|Nueva Delhi|Nova Deli',
  'America/New_York': 'New York|Nueva York|Nova Iorque|Philadelphie|Filadelfia|Filadélfia',
  'America/Chicago': 'La Nouvelle-Orléans|Nueva Orleans|Nova Orleães',
  'America/Los_Angeles': 'Los Ángeles|São Francisco',
  'America/Toronto': 'Montréal|Québec',
  'America/Mexico_City': 'Ciudad de México|Mexiko-Stadt|Cidade do México',
}

/**
 * Daylight saving names and their abbreviations follow from the name: `Pacific Time` becomes `Pacific Daylight Time`, which
 * becomes `PDT`.
 */
function listAbbreviations({ alternativeName, abbreviation }: RawZone, known: Record<string, string>): string[] {
  const stem = alternativeName.replace(/ Time$/, '')
  const names = ['Standard Time', 'Daylight Time', 'Summer Time', 'Time'].map((end) => `${stem} ${end}`)
  return [...new Set([abbreviation, ...names.flatMap((name) => known[name] ?? [])])].filter((text) =>
    /^[A-Z]+$/.test(text),
  )
}

/**
 * `@vvo/tzdb` groups zones that currently have the same time. Names of the same zone stay together (Asia/Kolkata and
 * Asia/Calcutta).
 */
function clustersOf({ name, group }: RawZone): string[][] {
  const canonical = (timeZone: string) => new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone
  const names = [...new Set([name, ...group])].filter((other) => other === name || other.includes('/'))
  return Object.values(Object.groupBy(names, canonical)).flatMap((cluster) => (cluster ? [cluster] : []))
}

/** Returns the text of the file. It has one line for each zone, with the most populous zone first. */
export function writeZoneWords(): string {
  const zones: RawZone[] = load('@vvo/tzdb/raw-time-zones.json')
  const abbreviations: Record<string, string> = load('@vvo/tzdb/abbreviations.json')
  const cities = (load('city-timezones/data/cityMap.json') as City[]).toSorted((a, b) => b.pop - a.pop)
  const rows = zones.flatMap((zone) =>
    clustersOf(zone).map((names) => {
      const own = cities.filter(({ timezone }) => timezone && names.includes(timezone))
      const isMain = names.includes(zone.name)
      const large = own.filter(({ pop }) => pop >= FEWEST_PEOPLE).map(({ city }) => city.trim())
      const others = isMain ? [...zone.mainCities, ...(OTHER_NAMES[zone.name]?.split('|') ?? [])] : []
      const found = [...new Set([...large, ...others])].join('|')
      const line = [names.join(' '), zone.countryCode, listAbbreviations(zone, abbreviations).join(' '), found].join(
        ';',
      )
      return { people: own.reduce((sum, { pop }) => sum + pop, 0), line }
    }),
  )
  const lines = rows.toSorted((a, b) => b.people - a.people).map(({ line }) => line)
  return `/*
 * Generated by scripts/zone-words.ts; do not edit. Cities: city-timezones (MIT). Countries and abbreviations: @vvo/tzdb (MIT).
 */

/** Names of the zone; country; abbreviations; cities. The most populous zone first. */
export const zoneWords = \`
${lines.join('\n')}
\`
`
}

if (import.meta.main)
  writeFileSync(fileURLToPath(new URL('../web/time/zone-words.ts', import.meta.url)), writeZoneWords())
