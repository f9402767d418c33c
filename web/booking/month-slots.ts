import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import type { DateRange, Slot, Slots } from '../api/public-api.ts'
import { loadAllSlots } from '../time/all-slots.ts'
import { coversMonth, datesInMonth, groupByDate, type InitialSlots, nextDate } from '../time/day-slots.ts'
import { addMonths, rangeAround } from '../time/months.ts'
import { dateIn } from '../time/zones.ts'

/** A source of slots: a meeting type, or a meeting to reschedule. */
export type SlotSource = {
  key: readonly unknown[]
  load: (range: DateRange) => Promise<Slots>
  /** The slots embedded in the page, if any. */
  initial?: InitialSlots
}

export type MonthSlots = {
  byDate: Map<string, Slot[]>
  dates: string[]
  next: string | null
  loading: boolean
  error: unknown
  reload: () => void
}

/**
 * The slots of one month in the viewer's time zone. They are requested in UTC with an extra day on both sides. The
 * instants are the same for everyone, so changing the time zone does not need a new request.
 */
export function useMonthSlots(
  source: SlotSource,
  month: string,
  { zone, loadsAhead }: { zone: string; loadsAhead: boolean },
): MonthSlots {
  const client = useQueryClient()
  const query = useQuery({
    ...monthQuery(source, month),
    initialData: () => initialFor(source, month),
    placeholderData: keepPreviousData,
  })
  const known = query.data && !query.isPlaceholderData
  useEffect(() => {
    if (!known || !loadsAhead) return
    const timer = setTimeout(() => client.prefetchQuery(monthQuery(source, addMonths(month, 1))), 400)
    return () => clearTimeout(timer)
  }, [client, source, month, known, loadsAhead])

  return useMemo(() => {
    const data = known ? query.data : undefined
    const byDate = groupByDate(data?.slots ?? [], zone)
    return {
      byDate,
      dates: datesInMonth(byDate, month),
      next: nextDate(byDate, month, data?.next_date ?? null),
      loading: !known && !query.isError,
      error: query.error,
      reload: () => client.invalidateQueries({ queryKey: source.key }),
    }
  }, [query.data, query.isError, query.error, known, zone, month, client, source])
}

/** The slots of a month, and of the next month if that is also shown. */
export function useMonthsSlots(
  source: SlotSource,
  { month, next, zone }: { month: string; next: string | null; zone: string },
): MonthSlots {
  const first = useMonthSlots(source, month, { zone, loadsAhead: true })
  const second = useMonthSlots(source, next ?? month, { zone, loadsAhead: false })
  return useMemo(() => (next === null ? first : join(first, second)), [first, second, next])
}

function join(first: MonthSlots, second: MonthSlots): MonthSlots {
  // Each month's data also contains the dates around it, but not all of their times.
  const own = [first, second].flatMap(({ dates, byDate }) =>
    dates.map((date) => [date, byDate.get(date) ?? []] as const),
  )
  return {
    byDate: new Map(own),
    dates: own.map(([date]) => date),
    next: second.next,
    loading: first.loading || (second.loading && first.dates.length === 0),
    error: first.error ?? second.error,
    reload: first.reload,
  }
}

const monthQuery = (source: SlotSource, month: string) => ({
  queryKey: [...source.key, month],
  queryFn: () => loadAllSlots(source.load, { ...rangeAround(month), timezone: 'UTC' }),
  staleTime: 30_000,
})

function initialFor({ initial }: SlotSource, month: string): Slots | undefined {
  const isWhole = initial && (initial.slots.length === 0 || initial.next_date === null)
  return isWhole && coversMonth(initial, month, dateIn('UTC', Date.now())) ? initial : undefined
}
