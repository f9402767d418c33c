import { englishCityOf } from './cities.ts'
import { zoneWords } from './zone-words.ts'
import { cityOf, offsetLabel, offsetMinutes, zonePart } from './zones.ts'

/*
 * Finds time zones by the text that people type. With its word list, it is a quarter as large as the booking page, so it is
 * loaded only when a list of zones is shown.
 */

export type ZoneChoice = {
  zone: string
  city: string
  /** The country's name in the reader's language. Empty for zones without a country. */
  country: string
  name: string
  offset: string
  minutes: number
}

/** A zone with all of its search texts, normalized. */
export type SearchableZone = ZoneChoice & {
  /** Its rank by population, with the most populous zone first. */
  rank: number
  abbreviations: string[]
  countries: string[]
  cities: { name: string; folded: string }[]
  words: string[]
}

/**
 * A zone that was found. `alias` is the name that was searched for, if it is not the zone's own name, such as Munich for Berlin.
 */
export type FoundZone = SearchableZone & { alias?: string }

type Words = { rank: number; country: string; abbreviations: string[]; cities: string[] }

const wordsOf = new Map<string, Words>()
for (const [rank, line] of zoneWords.trim().split('\n').entries()) {
  const [names = '', country = '', abbreviations = '', cities = ''] = line.split(';')
  const words = { rank, country, abbreviations: abbreviations.toLowerCase().split(' '), cities: cities.split('|') }
  for (const name of names.split(' ')) wordsOf.set(name, words)
}

/** Common names of countries, in addition to their official names. */
const countryAliases: Record<string, string> = {
  AE: 'UAE|Dubai',
  CD: 'DRC',
  CZ: 'Czech Republic',
  GB: 'UK|Great Britain|England|Scotland|Wales',
  KR: 'Korea',
  NL: 'Holland',
  US: 'USA|America',
}

/** Abbreviations that several countries use, and the zone that most people mean. */
const meantZones: Record<string, string> = {
  bst: 'Europe/London',
  cest: 'Europe/Berlin',
  cet: 'Europe/Berlin',
  cst: 'America/Chicago',
  edt: 'America/New_York',
  est: 'America/New_York',
  ist: 'Asia/Kolkata',
  mez: 'Europe/Berlin',
  mesz: 'Europe/Berlin',
  pst: 'America/Los_Angeles',
}

/** Every zone that this browser knows, from west to east. */
export function listZones(locale: string, now: number): SearchableZone[] {
  const zones = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])
  const countryNames = [locale, 'en'].map((tag) => new Intl.DisplayNames(tag, { type: 'region' }))
  return [...zones]
    .map((zone) => describeZone(zone, { locale, now, countryNames }))
    .sort((a, b) => a.minutes - b.minutes || a.city.localeCompare(b.city, locale))
}

type Reader = { locale: string; now: number; countryNames: Intl.DisplayNames[] }

function describeZone(zone: string, { locale, now, countryNames }: Reader): SearchableZone {
  const city = cityOf(zone)
  const name = zonePart(locale, zone, 'longGeneric', now)
  const known = wordsOf.get(zone)
  const countries = known ? countryNames.map((names) => names.of(known.country) ?? '') : []
  const aliases = known ? (countryAliases[known.country]?.split('|') ?? []) : []
  const cities = [...new Set([city, englishCityOf(zone), ...(known?.cities ?? [])])].map((text) => ({
    name: text,
    folded: foldText(text),
  }))
  const texts = [zone, name, ...countries, ...cities.map(({ folded }) => folded)]
  return {
    zone,
    city,
    country: countries[0] ?? '',
    name,
    offset: offsetLabel(zone, now),
    minutes: offsetMinutes(zone, now),
    rank: known?.rank ?? wordsOf.size,
    abbreviations: known?.abbreviations ?? [],
    countries: [...countries, ...aliases].map(foldText),
    cities,
    words: [...new Set(texts.flatMap((text) => foldText(text).split(' ')))],
  }
}

/**
 * Returns the matching zones, best match first. Searches by city, country, abbreviation (`CET`), name, or offset (`UTC+2`).
 * Returns all zones if nothing is typed.
 */
export function searchZones(zones: SearchableZone[], typed: string): FoundZone[] {
  const text = foldText(typed)
  if (!text) return zones
  const minutes = readOffset(typed)
  if (minutes !== null) return zones.filter((zone) => zone.minutes === minutes).sort(byRank)
  return zones
    .flatMap((zone) => {
      const match = matchZone(zone, text)
      return match ? [{ ...zone, ...match }] : []
    })
    .sort((a, b) => a.score - b.score || byRank(a, b))
}

const byRank = (a: SearchableZone, b: SearchableZone) => a.rank - b.rank

/** Returns how well a zone matches. Lower is better. */
function matchZone(zone: SearchableZone, text: string): { score: number; alias?: string } | null {
  const [own, ...others] = zone.cities
  if (meantZones[text] === zone.zone) return { score: 0 }
  if (own?.folded === text || zone.countries.includes(text) || zone.abbreviations.includes(text)) return { score: 1 }
  const same = others.find(({ folded }) => folded === text)
  if (same) return { score: 1, alias: same.name }
  if (own?.folded.startsWith(text)) return { score: 2 }
  if (zone.countries.some((country) => country.startsWith(text))) return { score: 3 }
  const begun = others.find(({ folded }) => folded.startsWith(text))
  if (begun) return { score: 3, alias: begun.name }
  return text.split(' ').every((part) => zone.words.some((word) => word.startsWith(part))) ? { score: 4 } : null
}

/** Parses `UTC+2`, `GMT-5`, `+05:30` or `utc −3` as minutes ahead of UTC. Returns null for any other text. */
export function readOffset(typed: string): number | null {
  const match = /^(?:utc|gmt)?\s*([+\-−–])\s*(\d{1,2})(?::?([0-5]\d))?$/i.exec(typed.trim())
  if (!match) return null
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0)
  return match[1] === '+' ? minutes : -minutes || 0
}

/** Case, accents and punctuation are ignored. */
const foldText = (text: string) =>
  text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
