import { codeOf, messageOf } from './thrown.ts'
/** The reasons why a request can fail, grouped by what the sender or the receiver can do about them. */
export type FailureKind =
  | 'guard'
  | 'name'
  | 'protocol'
  | 'refused'
  | 'reset'
  | 'stopped'
  | 'timeout'
  | 'tls'
  | 'unreachable'

/** How far a request got. */
export type Stage = 'name' | 'connect' | 'tls' | 'headers' | 'body'

/** A problem in plain words: what was found, and what to do about it. Both texts are complete sentences. */
export interface Finding {
  found: string
  remedy: string
}

/** A failed request: the kind of failure, how far the request got, and why it failed. */
export interface HttpFailure extends Finding {
  kind: FailureKind
  stage: Stage
}

/** Returns a finding as the sentences that are shown and stored. */
export function inSentences({ found, remedy }: Finding): string {
  return `${found} ${remedy}`
}

/** An error that occurred while a connection was being opened. */
export class ConnectionError extends Error {
  readonly code = 'BOOKBELL_CONNECTION'
  readonly failure: HttpFailure

  constructor(failure: HttpFailure, options?: ErrorOptions) {
    super(inSentences(failure), options)
    this.name = 'ConnectionError'
    this.failure = failure
  }
}

/** The request's target, as named in messages. */
export interface Endpoint {
  host: string
  port: number
}

/** Classifies an error from the resolver, the socket, TLS or the HTTP parser. */
export function describeError(error: unknown, stage: Stage, to: Endpoint): HttpFailure {
  if (error instanceof ConnectionError) return error.failure
  const code = codeOf(error) ?? 'unknown error'
  const kind = stage === 'name' ? 'name' : kindOf(code, stage)
  return { kind, stage, ...findings[kind]({ code, stage, error, ...to }) }
}

/** Describes a timeout in the given stage. */
export function describeTimeout(stage: Stage, to: Endpoint, milliseconds: number): HttpFailure {
  return { kind: 'timeout', stage, ...timeouts[stage](`${to.host}:${to.port}`, inSeconds(milliseconds)) }
}

const timeouts: Record<Stage, (at: string, time: string) => Finding> = {
  name: (at, time) => ({
    found: `The name of ${at} did not resolve within ${time}.`,
    remedy: 'Check the DNS servers of that name.',
  }),
  connect: (at, time) => ({
    found: `${at} did not accept a connection within ${time}.`,
    remedy: 'Check that the receiver is running and that no firewall drops the connection.',
  }),
  tls: (at, time) => ({
    found: `${at} did not finish the TLS handshake within ${time}.`,
    remedy: "Check the receiver's TLS settings and its load.",
  }),
  headers: (at, time) => ({
    found: `${at} accepted the request but did not respond within ${time}.`,
    remedy: 'Return 2xx at once and do the work afterwards.',
  }),
  body: (at, time) => ({
    found: `${at} started to respond but did not finish within ${time}.`,
    remedy: 'Return a short body, or none, and end it.',
  }),
}

interface ErrorFacts extends Endpoint {
  code: string
  stage: Stage
  error: unknown
}

const findings: Record<Exclude<FailureKind, 'timeout' | 'guard'>, (facts: ErrorFacts) => Finding> = {
  name: ({ code, host }) => ({
    found: `The name ${host} could not be resolved (${code}).`,
    remedy: nameRemedies[code] ?? 'Check its DNS records.',
  }),
  refused: ({ code, host, port }) => ({
    found: `Nothing accepts connections at ${host}:${port} (${code}).`,
    remedy: 'Check that the receiver is running, and its port.',
  }),
  unreachable: ({ code, host, port }) => ({
    found: `${host}:${port} cannot be reached from this server (${code}).`,
    remedy: 'Check the address, routes and firewalls.',
  }),
  reset: ({ code, host, port, stage }) => ({
    found: `${host}:${port} closed the connection ${resetAt(stage)} (${code}).`,
    remedy: resetRemedy(stage),
  }),
  tls: ({ code, host, port }) => ({
    found: `Could not establish a trusted TLS connection to ${host}:${port} (${code}).`,
    remedy: tlsRemedies[code] ?? 'Check the certificate and the TLS settings of the receiver.',
  }),
  protocol: ({ code, host, port, error }) =>
    code === 'UND_ERR_HEADERS_OVERFLOW'
      ? {
          found: `The response of ${host}:${port} has more than 16 KiB of headers.`,
          remedy: 'Send fewer or shorter headers.',
        }
      : {
          found: `${host}:${port} did not respond in valid HTTP (${code}: ${messageOf(error)}).`,
          remedy: 'Check what is listening there.',
        },
  stopped: () => ({
    found: 'This server stopped before the response arrived.',
    remedy: 'The delivery will be retried.',
  }),
}

const nameRemedies: Record<string, string> = {
  ENOTFOUND: 'The name does not exist: check its spelling, and that its DNS record is published.',
  ENODATA: 'The name has no address: publish an A or AAAA record.',
  ESERVFAIL: "Its DNS servers return errors: check the domain's name servers and DNSSEC.",
  ETIMEOUT: "Its DNS servers do not respond: check the domain's name servers.",
  EAI_AGAIN: 'The DNS resolver of this server is not responding at the moment.',
}

const tlsRemedies: Record<string, string> = {
  CERT_HAS_EXPIRED: 'The certificate has expired: renew it.',
  CERT_NOT_YET_VALID: 'The certificate is not valid yet: check its dates and the clocks.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is for another name: get one for this host.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The certificate is self-signed: use one from a public CA.',
  SELF_SIGNED_CERT_IN_CHAIN: 'The certificate comes from a private CA: use one from a public CA.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'The chain is incomplete: serve the intermediate certificates too.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'The issuer is unknown: serve the complete chain of a public CA.',
}

const kindsByCode: Record<string, Exclude<FailureKind, 'timeout' | 'guard'>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  ETIMEDOUT: 'unreachable',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_CLOSED: 'stopped',
  UND_ERR_DESTROYED: 'stopped',
}

function kindOf(code: string, stage: Stage): Exclude<FailureKind, 'timeout' | 'guard'> {
  const known = kindsByCode[code]
  if (known) return known
  if (stage === 'tls') return 'tls'
  return stage === 'connect' ? 'unreachable' : 'protocol'
}

function resetAt(stage: Stage): string {
  if (stage === 'tls') return 'during the TLS handshake'
  return stage === 'body' ? 'before its response was complete' : 'before it responded'
}

function resetRemedy(stage: Stage): string {
  if (stage === 'tls') return 'Check that this port uses TLS, and which versions it supports.'
  return "Check the receiver's log for a crash, or for a proxy that cuts connections."
}

function inSeconds(milliseconds: number): string {
  return milliseconds >= 1_000 ? `${Math.round(milliseconds / 100) / 10} s` : `${Math.round(milliseconds)} ms`
}
