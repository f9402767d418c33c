import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { usePartsText } from '../i18n/text.tsx'
import { timeText } from '../time/wording.ts'
import { type FoundZone, listZones, type SearchableZone, searchZones } from '../time/zone-search.ts'
import { detectZone } from '../time/zones.ts'
import { Icon } from './icon.tsx'

export type ZoneListProps = { zone: string; hour12: boolean; onChoose: (zone: string) => void }

/** A search field with all time zones. The focus stays in the field. */
export function ZoneList({ zone, hour12, onChoose }: ZoneListProps) {
  const { t, tag } = usePartsText()
  const [typed, setTyped] = useState('')
  const [active, setActive] = useState(zone)
  const now = useMemo(() => Date.now(), [])
  const all = useMemo(() => detectedFirst(listZones(tag, now)), [tag, now])
  const found = useMemo(() => searchZones(all, typed), [all, typed])
  const list = useId()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const at = Math.max(
    0,
    found.findIndex((choice) => choice.zone === active),
  )
  const current = found[at]

  const onKeyDown = (event: KeyboardEvent) => {
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.key]
    if (next !== undefined) {
      event.preventDefault()
      setActive(found[Math.min(found.length - 1, Math.max(0, next))]?.zone ?? zone)
    }
    if (event.key === 'Enter' && current) {
      event.preventDefault()
      onChoose(current.zone)
    }
  }

  return (
    <div className="zones">
      <div className="zone-search">
        <Icon name="search" size={18} />
        <input
          ref={field}
          type="text"
          role="combobox"
          className="input"
          aria-label={t('search_timezone')}
          aria-expanded="true"
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={current && `${list}-${at}`}
          placeholder={t('search_timezone')}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            setActive('')
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className="visually-hidden" role="status">
        {typed && t('timezones_found', { count: found.length })}
      </div>
      {found.length === 0 && <p className="zone-none">{t('timezone_none_found')}</p>}
      <div id={list} className="zone-list" role="listbox" aria-label={t('timezone')}>
        {found.map((choice, index) => (
          <ZoneOption
            key={choice.zone}
            id={`${list}-${index}`}
            choice={choice}
            clock={timeText(now, { tag, zone: choice.zone, hour12 })}
            active={index === at}
            selected={choice.zone === zone}
            onChoose={onChoose}
          />
        ))}
      </div>
    </div>
  )
}

type ZoneOptionProps = {
  id: string
  choice: FoundZone
  clock: string
  active: boolean
  selected: boolean
  onChoose: (zone: string) => void
}

function ZoneOption({ id, choice, clock, active, selected, onChoose }: ZoneOptionProps) {
  const { t } = usePartsText()
  const option = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (active) option.current?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox handles the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the search field
    <div
      ref={option}
      id={id}
      role="option"
      className="zone-option"
      aria-selected={selected}
      data-active={active || undefined}
      onClick={() => onChoose(choice.zone)}
    >
      <span className="zone-city">
        {choice.alias ? `${choice.alias} (${choice.city})` : choice.city}
        {choice.zone === detectZone() && <span className="chip">{t('timezone_detected')}</span>}
      </span>
      <span className="zone-clock numeric">{clock}</span>
      <span className="zone-name">
        {choice.country && `${choice.country} · `}
        {choice.name} · <span className="numeric">{choice.offset}</span>
      </span>
    </div>
  )
}

function detectedFirst(zones: SearchableZone[]): SearchableZone[] {
  const detected = detectZone()
  return [...zones.filter(({ zone }) => zone === detected), ...zones.filter(({ zone }) => zone !== detected)]
}
