import { useState } from 'react'
import { useText } from '../i18n/text.tsx'
import { prefersHour12 } from '../time/wording.ts'
import { readStored, writeStored } from './stored.ts'

const stored = 'bookbell.hour12'

/** Returns whether to use 12 or 24 hours: the viewer's earlier choice, otherwise the language's default. */
export function useHour12(tag: string): [boolean, (hour12: boolean) => void] {
  const [hour12, setHour12] = useState(() => {
    const known = readStored(stored)
    return known === null ? prefersHour12(tag) : known === 'true'
  })
  return [
    hour12,
    (chosen) => {
      setHour12(chosen)
      writeStored(stored, String(chosen))
    },
  ]
}

export function HourFormat({ hour12, onChange }: { hour12: boolean; onChange: (hour12: boolean) => void }) {
  const { t } = useText()
  return (
    <fieldset className="segmented">
      <legend className="visually-hidden">{t('hour_format')}</legend>
      {[true, false].map((value) => (
        <label key={String(value)}>
          <input type="radio" name="hour-format" checked={hour12 === value} onChange={() => onChange(value)} />
          <span>{t(value ? 'hour_12' : 'hour_24')}</span>
        </label>
      ))}
    </fieldset>
  )
}
