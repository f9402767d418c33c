/** The codes for findings about a target and a request to it. Programs and pages turn them into text. */
export const findingCodes = [
  // The URL
  'url_allowed',
  'url_too_long',
  'url_has_forbidden_characters',
  'url_has_zone_id',
  'url_invalid',
  'url_scheme_unsupported',
  'url_has_credentials',
  'url_port_blocked',
  'url_without_host',
  // Its addresses
  'host_is_address',
  'name_resolved',
  'name_not_found',
  'name_without_address',
  'name_servers_failing',
  'name_servers_silent',
  'resolver_unavailable',
  'name_unresolved',
  'name_timeout',
  'address_not_public',
  'target_not_public',
  'target_insecure',
  'insecure_name_unknown',
  // The connection
  'connected',
  'connection_refused',
  'unreachable',
  'connect_timeout',
  'connection_unencrypted',
  // TLS
  'tls_established',
  'certificate_expires_soon',
  'certificate_expired',
  'certificate_not_yet_valid',
  'certificate_for_other_name',
  'certificate_self_signed',
  'certificate_of_private_ca',
  'certificate_chain_incomplete',
  'certificate_issuer_unknown',
  'tls_failed',
  'tls_reset',
  'tls_timeout',
  // The request and its response
  'request_sent',
  'response_reset',
  'body_reset',
  'response_timeout',
  'body_timeout',
  'headers_too_large',
  'not_http',
  'server_stopped',
  'responded',
  'responded_slowly',
  'responded_with_page',
  'redirected',
  'not_authorized',
  'path_not_found',
  'gone',
  'body_too_large',
  'too_many_requests',
  'server_error',
  'status_not_2xx',
  'not_checked',
] as const

export type FindingCode = (typeof findingCodes)[number]

/** The facts in a finding by name, such as `address` (host and port), `host`, `status`, `seconds` or `error` (a system's error code). */
export type FindingValues = Readonly<Record<string, string | number>>

/** A problem in plain words: what was found, and what to do about it. Both texts are complete sentences. */
export interface Finding {
  code: FindingCode
  values?: FindingValues
  found: string
  remedy: string
}

/** Returns a finding as the sentences that are shown and stored. */
export function inSentences({ found, remedy }: Pick<Finding, 'found' | 'remedy'>): string {
  return `${found} ${remedy}`
}
