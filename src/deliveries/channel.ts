/**
 * NOTIFY channel of the dispatchers; payload: organization id, a colon, webhook ids; or `organization:all:erased` if a person was
 * erased. An empty payload means: search everything.
 */
export const DELIVERIES_CHANNEL = 'bookbell_deliveries'
