/** The time, passed in as a value so that tests can move it. */
export interface Clock {
  /** Milliseconds since 1970 (Unix epoch). */
  now(): number
  /** The same moment in RFC 3339, in UTC, with six decimal places. */
  timestamp(): string
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  timestamp: () => Temporal.Now.instant().toString({ fractionalSecondDigits: 6 }),
}

/** A clock that moves only when a test moves it. It starts at the given time, in epoch milliseconds. */
export interface ManualClock extends Clock {
  set(epochMilliseconds: number): void
  advance(milliseconds: number): void
}

/** Creates a clock for tests and demonstrations. */
export function manualClock(startAt: number): ManualClock {
  let at = startAt
  return {
    now: () => at,
    timestamp: () => toTimestamp(at),
    set: (epochMilliseconds) => {
      at = epochMilliseconds
    },
    advance: (milliseconds) => {
      at += milliseconds
    },
  }
}

/** Formats epoch milliseconds as RFC 3339, in UTC, with six decimal places. */
export function toTimestamp(epochMilliseconds: number): string {
  return `${new Date(epochMilliseconds).toISOString().slice(0, -1)}000Z`
}

/** Formats epoch milliseconds as RFC 3339, in UTC, without fractional seconds. Start and end times use this format. */
export function toInstantText(epochMilliseconds: number): string {
  return `${new Date(epochMilliseconds).toISOString().slice(0, 19)}Z`
}
