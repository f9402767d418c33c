/** One second, in milliseconds. */
export const SECOND = 1_000
/** One minute, in milliseconds. */
export const MINUTE = 60 * SECOND
/** One hour, in milliseconds. */
export const HOUR = 60 * MINUTE
/** 24 hours, in milliseconds. A calendar day can be an hour shorter or longer. */
export const DAY = 24 * HOUR
