import type { MeetingType } from '../client/meeting-types.ts'
import type { Page } from '../client/pages.ts'

/** Meeting types under one heading: a page's types, a host's types, or types without a page. */
export type TypeGroup = { key: string; title: string | null; page?: Page; types: MeetingType[] }

export type Grouping = 'page' | 'host'

const fold = (text: string) => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()

/** Returns the meeting types whose name, path or hosts contain every typed word, ignoring case and accents. */
export function searchTypes(types: MeetingType[], typed: string, nameOf: (member: number) => string): MeetingType[] {
  const words = fold(typed).split(/\s+/).filter(Boolean)
  if (words.length === 0) return types
  return types.filter(({ name, slug, hosts }) => {
    const text = fold([name, slug, ...hosts.map(({ member }) => nameOf(member))].join(' '))
    return words.every((word) => text.includes(word))
  })
}

/** Groups by page, in the order of each page. A meeting type on two pages is in both groups. */
export function groupByPage(types: MeetingType[], pages: Page[]): TypeGroup[] {
  const of = (page: Page) => page.meeting_types.flatMap((id) => types.find((type) => type.id === id) ?? [])
  const listed = new Set(pages.flatMap(({ meeting_types }) => meeting_types))
  const groups = [
    ...pages.map((page): TypeGroup => ({ key: `page-${page.id}`, title: page.name, page, types: of(page) })),
    { key: 'no-page', title: null, types: types.filter(({ id }) => !listed.has(id)) },
  ]
  return groups.filter((group) => group.types.length > 0)
}

/** Groups by host. A meeting type with several hosts is in each host's group. */
export function groupByHost(types: MeetingType[], nameOf: (member: number) => string): TypeGroup[] {
  const hosts = new Set(types.flatMap((type) => type.hosts.map(({ member }) => member)))
  return [...hosts]
    .map((host): TypeGroup => {
      const own = types.filter((type) => type.hosts.some(({ member }) => member === host))
      return { key: `host-${host}`, title: nameOf(host), types: own }
    })
    .sort((a, b) => (a.title ?? '').localeCompare(b.title ?? ''))
}
