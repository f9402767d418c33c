import { ActionIcon } from '@mantine/core'
import { dateText } from '../../time/wording.ts'
import { useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'
import { ShowMore, useWindow } from '../parts/show-more.tsx'
import { hoursText } from './hours.ts'
import type { ScheduleDraft } from './schedule-draft.ts'

type Override = ScheduleDraft['overrides'][number]

type OverrideListProps = {
  overrides: Override[]
  today: string
  onShow: (date: string) => void
  onRemove: (date: string) => void
}

/** The dates with their own hours: upcoming dates first, then past ones. */
export function OverrideList({ overrides, today, ...actions }: OverrideListProps) {
  const { t } = useText()
  const upcoming = overrides.filter(({ date }) => date >= today)
  const past = overrides.filter(({ date }) => date < today).toReversed()
  return (
    <>
      {upcoming.length > 0 && <Dates label={t('availability.overrides')} overrides={upcoming} {...actions} />}
      {past.length > 0 && (
        <details className="past-overrides">
          <summary>{t('availability.past_overrides', { count: past.length })}</summary>
          <Dates label={t('availability.past_overrides', { count: past.length })} overrides={past} {...actions} />
        </details>
      )}
    </>
  )
}

type DatesProps = Omit<OverrideListProps, 'today'> & { label: string }

function Dates({ label, overrides, onShow, onRemove }: DatesProps) {
  const { t, tag } = useText()
  const { shown, ...more } = useWindow(overrides)
  return (
    <div>
      <ul className="override-list" aria-label={label}>
        {shown.map(({ date, hours }) => {
          const title = dateText(tag, date, { year: 'numeric' })
          return (
            <li key={date}>
              <button type="button" className="override-date" onClick={() => onShow(date)}>
                {title}
              </button>
              <span className="row-note">{hoursText(tag, hours) || t('availability.day_off')}</span>
              <ActionIcon
                variant="subtle"
                aria-label={t('availability.remove_override', { date: title })}
                onClick={() => onRemove(date)}
              >
                <Icon name="trash" size={16} />
              </ActionIcon>
            </li>
          )
        })}
      </ul>
      <ShowMore {...more} />
    </div>
  )
}
