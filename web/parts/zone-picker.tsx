import { type ComponentType, useEffect, useState } from 'react'
import { usePartsText } from '../i18n/text.tsx'
import { timeText } from '../time/wording.ts'
import { cityOf } from '../time/zones.ts'
import { Icon } from './icon.tsx'
import { Sheet } from './sheet.tsx'
import type { ZoneListProps } from './zone-list.tsx'

type ZonePickerProps = { zone: string; hour12: boolean; onChange: (zone: string) => void }

/** The time zone in which times are shown, with a searchable list to change it. */
export function ZonePicker({ zone, hour12, onChange }: ZonePickerProps) {
  const { t, tag } = usePartsText()
  const [open, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        className="zone-button"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        onPointerEnter={loadAhead}
        onFocus={loadAhead}
      >
        <Icon name="globe" size={18} />
        <span className="visually-hidden">{t('change_timezone')}</span>
        <span>{cityOf(zone)}</span>
        <span className="zone-clock numeric">{timeText(Date.now(), { tag, zone, hour12 })}</span>
        <Icon name="down" size={16} />
      </button>
      {open && (
        <Sheet title={t('timezone')} closeLabel={t('close')} onClose={() => setOpen(false)}>
          <LoadedList
            zone={zone}
            hour12={hour12}
            onChoose={(chosen) => {
              onChange(chosen)
              setOpen(false)
            }}
          />
        </Sheet>
      )}
    </>
  )
}

const loadList = () => import('./zone-list.tsx')

/** Loads the list before the button is pressed. A failure is shown once the button is pressed. */
const loadAhead = () => void loadList().catch(() => {})

/** The list with its words is loaded when it is opened for the first time, because most people never open it. */
function LoadedList(props: ZoneListProps) {
  const { t } = usePartsText()
  const [List, setList] = useState<ComponentType<ZoneListProps> | null>(null)
  const [attempt, setAttempt] = useState(1)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    if (attempt === 0) return
    setFailed(false)
    loadList().then(
      ({ ZoneList }) => setList(() => ZoneList),
      () => setFailed(true),
    )
  }, [attempt])
  if (List) return <List {...props} />
  if (!failed)
    return (
      <div className="zone-list" aria-busy="true">
        <span className="skeleton block" />
      </div>
    )
  return (
    <div className="notice bad zone-none" role="alert">
      <button type="button" className="text-button" onClick={() => setAttempt(attempt + 1)}>
        {t('network')}
      </button>
    </div>
  )
}
