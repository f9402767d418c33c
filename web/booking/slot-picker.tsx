import { useEffect, useMemo, useRef, useState } from 'react'
import { DayPicker } from 'react-day-picker'
import { ApiProblem } from '../api/http.ts'
import type { Slot } from '../api/public-api.ts'
import { useText } from '../i18n/text.tsx'
import { Icon } from '../parts/icon.tsx'
import { ZonePicker } from '../parts/zone-picker.tsx'
import { repeatedTimes } from '../time/day-slots.ts'
import { addDays, addMonths, fromLocal, lastDate, monthOf, toLocalNoon } from '../time/months.ts'
import { dateText, firstWeekday, monthText, timeText, timeTextWithOffset, type View } from '../time/wording.ts'
import { cityOf, dateIn } from '../time/zones.ts'
import type { Address, ChangeAddress } from './address.ts'
import { HourFormat } from './hour-format.tsx'
import { type MonthSlots, type SlotSource, useMonthsSlots } from './month-slots.ts'
import { problemText } from './problem-text.ts'

type SlotPickerProps = {
  source: SlotSource
  address: Address
  change: ChangeAddress
  view: View
  onHour12: (hour12: boolean) => void
  /** Whether to show how many seats are still free, for group meetings. */
  showSeats?: boolean
  lastMonth?: string | undefined
  /** Whether times are shown in the time zone of the meeting's location, which visitors cannot change. */
  zoneLocked?: boolean
}

/** The month calendar, the time zone, and the chosen day's times. The chosen time is stored in the URL. */
export function SlotPicker(props: SlotPickerProps) {
  const { source, address, change, view, onHour12, showSeats, lastMonth } = props
  const { t } = useText()
  const today = dateIn(view.zone, Date.now())
  const [month, setFallbackMonth] = useMonth(source, { address, today, lastMonth })
  const next = rollsOn(month, today, lastMonth) ? addMonths(month, 1) : null
  const slots = useMonthsSlots(source, { month, next, zone: view.zone })
  const date = address.date && slots.dates.includes(address.date) ? address.date : slots.dates[0]

  const nothingAsked = !address.month && !address.date
  const jumpTo = nothingAsked && !slots.loading && slots.dates.length === 0 && slots.next ? monthOf(slots.next) : null
  useEffect(() => {
    if (jumpTo) setFallbackMonth(jumpTo)
  }, [jumpTo, setFallbackMonth])

  return (
    <div className="picker">
      <section className="picker-month" aria-label={t('select_date_time')}>
        <MonthCalendar
          month={month}
          next={next}
          today={today}
          slots={slots}
          date={date}
          lastMonth={lastMonth}
          change={change}
          zone={view.zone}
        />
        <MonthNotice month={month} slots={slots} change={change} zone={view.zone} />
        <div className="picker-zone">
          {props.zoneLocked ? (
            <LockedZone zone={view.zone} />
          ) : (
            <ZonePicker
              zone={view.zone}
              hour12={view.hour12}
              onChange={(zone) => change({ zone, date: null, month })}
            />
          )}
        </div>
      </section>
      <DayTimes
        date={date}
        slots={slots}
        view={view}
        showSeats={showSeats ?? false}
        onHour12={onHour12}
        change={change}
      />
    </div>
  )
}

/** Shown instead of the time zone list for in-person meetings. */
function LockedZone({ zone }: { zone: string }) {
  const { t } = useText()
  return (
    <p className="zone-locked">
      <Icon name="globe" size={18} />
      <span>{t('timezone_locked', { zone: cityOf(zone) })}</span>
    </p>
  )
}

/** Returns whether this month has so few days left that the next month is also shown. */
function rollsOn(month: string, today: string, lastMonth: string | undefined): boolean {
  return month === monthOf(today) && addDays(today, 7) > lastDate(month) && (!lastMonth || lastMonth > month)
}

type MonthRequest = Pick<SlotPickerProps, 'address' | 'lastMonth'> & { today: string }

/**
 * Returns the month to show: the month in the URL, otherwise the first month embedded in the page, otherwise the current month. A
 * chosen date in the next month stays below the rest of this month.
 */
function useMonth(source: SlotSource, { address, today, lastMonth }: MonthRequest) {
  const firstKnown = source.initial?.slots[0]
  const current = monthOf(today)
  const [fallback, setFallback] = useState(() =>
    firstKnown ? monthOf(dateIn(address.zone, firstKnown.start)) : current,
  )
  const ofDate = address.date && monthOf(address.date)
  const isBelow = ofDate === addMonths(current, 1) && rollsOn(current, today, lastMonth)
  return [address.month ?? (isBelow ? current : (ofDate ?? fallback)), setFallback] as const
}

type MonthCalendarProps = {
  month: string
  /** The next month, if both are shown. */
  next: string | null
  today: string
  slots: MonthSlots
  date: string | undefined
  lastMonth: string | undefined
  zone: string
  change: ChangeAddress
}

function MonthCalendar({ month, next, today, slots, date, lastMonth, zone, change }: MonthCalendarProps) {
  const { t, tag } = useText()
  const classes = ['calendar', ...(slots.loading ? ['loading'] : []), ...(next ? ['rolls-on'] : [])]
  const countOn = (day: Date) => slots.byDate.get(fromLocal(day))?.length ?? 0
  const labelDay = (day: Date) => {
    const count = countOn(day)
    return t(count ? 'day_available' : 'day_unavailable', { date: dateText(tag, fromLocal(day)), count })
  }
  return (
    <div aria-busy={slots.loading} className={classes.join(' ')}>
      <DayPicker
        mode="single"
        required
        navLayout="around"
        month={toLocalNoon(month)}
        numberOfMonths={next ? 2 : 1}
        onMonthChange={(day) => change({ month: monthOf(fromLocal(day)), date: null, zone })}
        startMonth={toLocalNoon(monthOf(today) < month ? monthOf(today) : month)}
        endMonth={lastMonth ? toLocalNoon(lastMonth) : undefined}
        today={toLocalNoon(today)}
        selected={date ? toLocalNoon(date) : undefined}
        onSelect={(day) => {
          const chosen = fromLocal(day)
          change({ date: chosen, month: monthOf(chosen) === month ? month : null, zone })
          requestAnimationFrame(showTimesBelow)
        }}
        disabled={(day) => countOn(day) === 0}
        modifiers={{ past: (day) => fromLocal(day) < today, available: (day) => countOn(day) > 0 }}
        modifiersClassNames={{ past: 'rdp-past', available: 'rdp-available' }}
        weekStartsOn={firstWeekday(tag)}
        formatters={{
          formatCaption: (day) => monthText(tag, monthOf(fromLocal(day))),
          formatWeekdayName: (day) =>
            dateText(tag, fromLocal(day), { weekday: 'short', day: undefined, month: undefined }),
        }}
        labels={{
          labelDayButton: labelDay,
          labelGridcell: labelDay,
          labelGrid: (day) => t('calendar_of', { month: monthText(tag, monthOf(fromLocal(day))) }),
          labelNext: () => t('next_month'),
          labelPrevious: () => t('previous_month'),
          labelWeekday: (day) => dateText(tag, fromLocal(day), { day: undefined, month: undefined }),
        }}
        components={{ Chevron: CalendarChevron }}
      />
    </div>
  )
}

/** On a phone, the times are below the calendar, where visitors would not see them appear. */
function showTimesBelow(): void {
  if (!matchMedia('(max-width: 40rem)').matches) return
  const heading = document.getElementById('times-heading')
  const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth'
  heading?.closest('.times')?.scrollIntoView({ block: 'start', behavior })
  heading?.focus({ preventScroll: true })
}

function CalendarChevron({ orientation }: { orientation?: 'left' | 'right' | 'up' | 'down' | undefined }) {
  return <Icon name={orientation === 'left' ? 'left' : 'right'} size={18} />
}

type MonthNoticeProps = { month: string; slots: MonthSlots; zone: string; change: ChangeAddress }

function MonthNotice({ month, slots, zone, change }: MonthNoticeProps) {
  const { t, tag } = useText()
  if (slots.error)
    return (
      <div className="notice bad" role="alert">
        <Icon name="alert" size={18} />
        <p>
          {slots.error instanceof ApiProblem ? problemText(slots.error, t) : t('times_failed')}{' '}
          <button type="button" className="text-button" onClick={slots.reload}>
            {t('retry')}
          </button>
        </p>
      </div>
    )
  if (slots.loading || slots.dates.length > 0) return null
  const { next } = slots
  return (
    <div className="notice" role="status">
      <Icon name="info" size={18} />
      <p>
        {next ? t('no_times_in_month', { month: monthText(tag, month) }) : t('no_times_at_all')}{' '}
        {next && (
          <button
            type="button"
            className="text-button"
            onClick={() => change({ month: monthOf(next), date: next, zone })}
          >
            {t('next_available', { date: dateText(tag, next, { weekday: undefined }) })}
          </button>
        )}
      </p>
    </div>
  )
}

type DayTimesProps = {
  date: string | undefined
  slots: MonthSlots
  view: View
  showSeats: boolean
  onHour12: (hour12: boolean) => void
  change: ChangeAddress
}

function DayTimes({ date, slots, view, showSeats, onHour12, change }: DayTimesProps) {
  const { t, tag } = useText()
  const times = (date && slots.byDate.get(date)) || []
  const day = date ? dateText(tag, date) : ''
  const scroller = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a different day begins at its first time
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 })
  }, [date])
  if (!date && !slots.loading) return null

  return (
    <section className="times" aria-label={date ? t('times_on', { date: day }) : t('loading_times')}>
      <div className="times-head">
        <h2 id="times-heading" tabIndex={-1}>
          {date ? (
            <DayHeading date={date} />
          ) : (
            <span className="skeleton" style={{ width: '6rem' }}>
              &nbsp;
            </span>
          )}
        </h2>
        <HourFormat hour12={view.hour12} onChange={onHour12} />
      </div>
      <p className="visually-hidden" role="status">
        {slots.loading ? t('loading_times') : t('times_count', { date: day, count: times.length })}
      </p>
      <div className="times-scroll" ref={scroller}>
        {slots.loading ? (
          <TimesSkeleton />
        ) : (
          <TimeList
            key={date}
            times={times}
            view={view}
            showSeats={showSeats}
            onChoose={(slot) =>
              change(
                { slot: slot.start, date: date ?? null, month: date ? monthOf(date) : null, zone: view.zone },
                'push',
              )
            }
          />
        )}
      </div>
    </section>
  )
}

function DayHeading({ date }: { date: string }) {
  const { tag } = useText()
  return (
    <>
      <span className="times-weekday">{dateText(tag, date, { day: undefined, month: undefined })}</span>{' '}
      <span className="times-day">{dateText(tag, date, { weekday: undefined })}</span>
    </>
  )
}

type TimeListProps = { times: Slot[]; view: View; showSeats: boolean; onChoose: (slot: Slot) => void }

function TimeList({ times, view, showSeats, onChoose }: TimeListProps) {
  const { t } = useText()
  const repeated = useMemo(() => repeatedTimes(times, (slot) => timeText(slot.start, view)), [times, view])
  return (
    <ul className="time-list">
      {times.map((slot) => {
        const text = timeText(slot.start, view)
        return (
          <li key={slot.start}>
            <button type="button" className="time numeric" data-start={slot.start} onClick={() => onChoose(slot)}>
              {repeated.has(text) ? timeTextWithOffset(slot.start, view) : text}
              {showSeats && slot.seats_left !== null && (
                <span className="time-seats">{t('seats_left', { count: slot.seats_left })}</span>
              )}
            </button>
          </li>
        )
      })}
    </ul>
  )
}

function TimesSkeleton() {
  return (
    <div className="time-list" aria-hidden="true">
      {Array.from({ length: 7 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <span key={index} className="skeleton time-skeleton" />
      ))}
    </div>
  )
}
