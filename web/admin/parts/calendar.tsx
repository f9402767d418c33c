import { useText } from '../i18n/text.ts'
import { Icon } from './icon.tsx'
import './calendar.css'
import { DayPicker } from 'react-day-picker'
import { fromLocal, monthOf, toLocalNoon } from '../../time/months.ts'
import { dateText, firstWeekday } from '../../time/wording.ts'
import { dateIn, detectZone } from '../../time/zones.ts'

type CalendarProps = {
  /** `YYYY-MM`. */
  month: string
  onMonth: (month: string) => void
  selected: string | null
  onSelect: (date: string) => void
  disabled?: (date: string) => boolean
  /** The dates that have a style, by the style's name. */
  marks?: {
    available?: (date: string) => boolean
    changed?: (date: string) => boolean
    off?: (date: string) => boolean
  }
  /** Returns the text that screen readers announce about a date in addition to its name. */
  describe?: (date: string) => string
}

/** A month in which one date can be selected. */
export function Calendar({ month, onMonth, selected, onSelect, disabled, marks = {}, describe }: CalendarProps) {
  const { t, tag: language } = useText()
  const today = dateIn(detectZone(), Date.now())
  const modifiers = Object.fromEntries(
    Object.entries(marks).map(([name, holds]) => [name, (day: Date) => holds(fromLocal(day))]),
  )
  const label = (day: Date) => {
    const date = fromLocal(day)
    return [dateText(language, date, { year: 'numeric' }), describe?.(date)].filter(Boolean).join(', ')
  }
  return (
    <div className="calendar">
      <DayPicker
        mode="single"
        required
        navLayout="around"
        month={toLocalNoon(month)}
        onMonthChange={(day) => onMonth(monthOf(fromLocal(day)))}
        today={toLocalNoon(today)}
        selected={selected ? toLocalNoon(selected) : undefined}
        onSelect={(day) => onSelect(fromLocal(day))}
        {...(disabled ? { disabled: (day: Date) => disabled(fromLocal(day)) } : {})}
        modifiers={modifiers}
        modifiersClassNames={{ available: 'rdp-available', changed: 'rdp-changed', off: 'rdp-off' }}
        weekStartsOn={firstWeekday(language)}
        labels={{
          labelDayButton: label,
          labelGridcell: label,
          labelPrevious: () => t('parts.previous_month'),
          labelNext: () => t('parts.next_month'),
        }}
        components={{ Chevron: CalendarChevron }}
      />
    </div>
  )
}

function CalendarChevron({ orientation }: { orientation?: 'left' | 'right' | 'up' | 'down' | undefined }) {
  return <Icon name={orientation === 'left' ? 'left' : 'right'} size={18} />
}
