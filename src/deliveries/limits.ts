import { REQUEST_DEADLINE } from '../platform/http-client.ts'
import { MINUTE, SECOND } from '../time/durations.ts'

/** The dispatcher's constants. Durations are in milliseconds. Tests override those in `DispatcherOptions`. */

/** How long a claim is valid. If a process dies, its leases expire. */
export const LEASE = 30 * SECOND
/** How long one attempt may take. */
export const ATTEMPT_DEADLINE = REQUEST_DEADLINE
/** How much of the lease must remain for settling an attempt that has reached its deadline. */
export const LEASE_RESERVE = SECOND

/** How often a dispatcher searches for due deliveries that no NOTIFY announced. */
export const POLL_INTERVAL = SECOND
/**
 * After a search that takes t, the next search starts no sooner than this many times t later, so that searching takes at most a
 * tenth of the time.
 */
export const SEARCH_PAUSE_FACTOR = 9
/** How often a dispatcher announces that it is alive. */
export const HEARTBEAT_INTERVAL = 2 * SECOND
/** How long a dispatcher can be without a heartbeat before it counts as dead. */
export const ALIVE_FOR = 6 * SECOND
/** How long a loop pauses after a statement failed. */
export const PAUSE_AFTER_ERROR = SECOND / 2
/** The maximum pause between two batches. See `pauseBetweenBatches`. */
export const LONGEST_BATCH_PAUSE = 20

/** How many requests may be in flight in one process. */
export const MAX_IN_FLIGHT = 1_024
/**
 * How many of those requests may go to slow receivers. The rest is reserved for fast receivers and for lanes with nothing in
 * flight, no matter how many receivers hang.
 */
export const MAX_SLOW_IN_FLIGHT = 768
/** A receiver is fast if its average response time is shorter than this. */
export const FAST_RESPONSE = 100
/** How many deliveries a process may hold, meaning claimed but not yet attempted. */
export const MAX_HELD = 8_192
/** Claiming pauses while more attempts than this are waiting to be settled. */
export const MAX_UNSETTLED = 4_096
/** The maximum number of deliveries that one statement claims. */
export const CLAIM_BATCH = 1_000
/** The maximum number of attempts that one statement settles. */
export const SETTLE_BATCH = 1_000
/** The maximum number of pending deliveries of a disabled webhook that one statement fails. */
export const FAIL_BATCH = 5_000

/** How long a lane can be unused before it is dropped. */
export const LANE_IDLE = MINUTE
/** How old a webhook's settings can get before they are loaded again. */
export const SETTINGS_AGE = 30 * SECOND
/** How many bytes of activity bodies are cached. */
export const BODY_CACHE_BYTES = 32 * 1024 * 1024
