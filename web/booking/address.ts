import { useCallback, useEffect, useMemo, useState } from 'react'
import { isDate, isMonth } from '../time/months.ts'
import { detectZone, isZone } from '../time/zones.ts'

/** The viewer's choices in the URL, so that the page can be shared, reloaded and left with "back". */
export type Address = {
  month: string | null
  date: string | null
  zone: string
  /** The chosen start in RFC 3339. Set while the form is shown. */
  slot: string | null
  host: number | null
}

export function readAddress(search: string): Address {
  const query = new URLSearchParams(search)
  const [month, date, zone, slot] = ['month', 'date', 'timezone', 'slot'].map((name) => query.get(name))
  return {
    month: isMonth(month ?? null) ? (month ?? null) : null,
    date: isDate(date ?? null) ? (date ?? null) : null,
    zone: isZone(zone) ? zone : detectZone(),
    slot: slot && !Number.isNaN(Date.parse(slot)) ? slot : null,
    host: Number(query.get('host')) || null,
  }
}

/** Returns the query with these choices in it. Prefill and campaign parameters stay unchanged. */
export function writeAddress(search: string, address: Address): string {
  const query = new URLSearchParams(search)
  const values = {
    month: address.month,
    date: address.date,
    timezone: address.zone,
    slot: address.slot,
    host: address.host === null ? null : String(address.host),
  }
  for (const [name, value] of Object.entries(values)) {
    if (value === null) query.delete(name)
    else query.set(name, value)
  }
  return `?${query.toString().replaceAll('%2F', '/').replaceAll('%3A', ':')}`
}

export type ChangeAddress = (patch: Partial<Address>, history?: 'replace' | 'push') => void

/**
 * Keeps the choices in the URL as state. `push` adds a step that the browser's "back" undoes. `lockedZone` is the time zone of
 * the meeting's place, which takes precedence over the viewer's time zone.
 */
export function useAddress(lockedZone?: string | null): [Address, ChangeAddress] {
  const [address, setAddress] = useState(() => readAddress(location.search))
  const shown = useMemo(() => (lockedZone ? { ...address, zone: lockedZone } : address), [address, lockedZone])

  useEffect(() => {
    const onPop = () => setAddress(readAddress(location.search))
    addEventListener('popstate', onPop)
    return () => removeEventListener('popstate', onPop)
  }, [])

  const change = useCallback<ChangeAddress>((patch, mode = 'replace') => {
    const next = { ...readAddress(location.search), ...patch }
    history[mode === 'push' ? 'pushState' : 'replaceState'](null, '', writeAddress(location.search, next))
    setAddress(next)
  }, [])

  return [shown, change]
}
