/**
 * The NOTIFY channel of the dispatchers. The payload is the organization id, a colon and webhook ids, or
 * `organization:all:erased` if a person was erased. An empty payload means: search everything.
 */
export const DELIVERIES_CHANNEL = 'bookbell_deliveries'
