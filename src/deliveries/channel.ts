/**
 * The dispatchers' NOTIFY channel. The payload is the organization id, a colon and webhook ids, or `organization:all:erased` if a
 * person was erased. An empty payload tells them to search for all due webhooks.
 */
export const DELIVERIES_CHANNEL = 'bookbell_deliveries'
