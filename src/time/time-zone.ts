/** The time zones found so far, by lower-case name, because `Intl` takes 0.2 ms to find one. */
const found = new Set<string>()

/**
 * Returns whether a text is the name of an IANA time zone that this runtime knows, ignoring case. Offsets (`+02:00`) are not
 * names. Uses only `Intl`, so that server and browser agree.
 */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return false
  const key = name.toLowerCase()
  if (found.has(key)) return true
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    found.add(key)
    return true
  } catch {
    return false
  }
}

/** Returns the name in its canonical letter case (`europe/berlin` becomes `Europe/Berlin`), or null if it is not a time zone. */
export function parseTimeZone(name: string): string | null {
  // `Intl` would return the zone's original name (Asia/Calcutta for Asia/Kolkata).
  return isTimeZone(name) ? Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId : null
}
