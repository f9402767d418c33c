import { type Finding, type FindingCode, inSentences } from './finding.ts'
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

/** A failed request: the kind of failure, how far the request got, and why it failed. */
export interface HttpFailure extends Finding {
  kind: FailureKind
  stage: Stage
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
  const values = { host: to.host, address: addressOf(to), error: code }
  return { kind, stage, values, ...findings[kind]({ code, stage, error, ...to }) }
}

/** Describes a timeout in the given stage. */
export function describeTimeout(stage: Stage, to: Endpoint, milliseconds: number): HttpFailure {
  const address = addressOf(to)
  const values = { address, seconds: Math.round(milliseconds / 100) / 10 }
  return { kind: 'timeout', stage, values, ...timeouts[stage](address, inSeconds(milliseconds)) }
}

const timeouts: Record<Stage, (at: string, time: string) => Omit<Finding, 'values'>> = {
  name: (at, time) => ({
    code: 'name_timeout',
    found: `The name of ${at} did not resolve within ${time}.`,
    remedy: 'Check the DNS servers for that name.',
  }),
  connect: (at, time) => ({
    code: 'connect_timeout',
    found: `${at} did not accept a connection within ${time}.`,
    remedy: 'Check that the receiver is running and that no firewall drops the connection.',
  }),
  tls: (at, time) => ({
    code: 'tls_timeout',
    found: `${at} did not finish the TLS handshake within ${time}.`,
    remedy: "Check the receiver's TLS settings and its load.",
  }),
  headers: (at, time) => ({
    code: 'response_timeout',
    found: `${at} accepted the request but did not respond within ${time}.`,
    remedy: 'Return 2xx immediately and do the work afterwards.',
  }),
  body: (at, time) => ({
    code: 'body_timeout',
    found: `${at} started to respond but did not finish within ${time}.`,
    remedy: 'Return a short body or no body, and end the response.',
  }),
}

interface ErrorFacts extends Endpoint {
  code: string
  stage: Stage
  error: unknown
}

const findings: Record<Exclude<FailureKind, 'timeout' | 'guard'>, (facts: ErrorFacts) => Omit<Finding, 'values'>> = {
  name: ({ code, host }) => ({
    found: `The name ${host} could not be resolved (${code}).`,
    ...(nameRemedies[code] ?? { code: 'name_unresolved', remedy: 'Check its DNS records.' }),
  }),
  refused: ({ code, ...to }) => ({
    code: 'connection_refused',
    found: `Nothing accepts connections at ${addressOf(to)} (${code}).`,
    remedy: 'Check that the receiver is running and that the port is correct.',
  }),
  unreachable: ({ code, ...to }) => ({
    code: 'unreachable',
    found: `${addressOf(to)} cannot be reached from this server (${code}).`,
    remedy: 'Check the address, routes and firewalls.',
  }),
  reset: ({ code, stage, ...to }) => ({
    code: resetCode(stage),
    found: `${addressOf(to)} closed the connection ${resetAt(stage)} (${code}).`,
    remedy: resetRemedy(stage),
  }),
  tls: ({ code, ...to }) => ({
    found: `Could not establish a trusted TLS connection to ${addressOf(to)} (${code}).`,
    ...(tlsRemedies[code] ?? {
      code: 'tls_failed',
      remedy: "Check the receiver's certificate and TLS settings.",
    }),
  }),
  protocol: ({ code, error, ...to }) =>
    code === 'UND_ERR_HEADERS_OVERFLOW'
      ? {
          code: 'headers_too_large',
          found: `The response from ${addressOf(to)} has more than 16 KiB of headers.`,
          remedy: 'Send fewer or shorter headers.',
        }
      : {
          code: 'not_http',
          found: `${addressOf(to)} did not respond in valid HTTP (${code}: ${messageOf(error)}).`,
          remedy: 'Check which program is listening at this address.',
        },
  stopped: () => ({
    code: 'server_stopped',
    found: 'This server stopped before the response arrived.',
    remedy: 'The delivery will be retried.',
  }),
}

const addressOf = ({ host, port }: Endpoint) => `${host}:${port}`

type Remedy = Pick<Finding, 'code' | 'remedy'>

const nameRemedies: Record<string, Remedy> = {
  ENOTFOUND: {
    code: 'name_not_found',
    remedy: 'The name does not exist. Check the spelling, and make sure that the DNS record is published.',
  },
  ENODATA: { code: 'name_without_address', remedy: 'The name has no address. Publish an A or AAAA record.' },
  ESERVFAIL: {
    code: 'name_servers_failing',
    remedy: "The DNS servers return errors. Check the domain's name servers and DNSSEC.",
  },
  ETIMEOUT: {
    code: 'name_servers_silent',
    remedy: "The DNS servers do not respond. Check the domain's name servers.",
  },
  EAI_AGAIN: {
    code: 'resolver_unavailable',
    remedy: "This server's DNS resolver is not responding at the moment.",
  },
}

const tlsRemedies: Record<string, Remedy> = {
  CERT_HAS_EXPIRED: { code: 'certificate_expired', remedy: 'The certificate has expired. Renew it.' },
  CERT_NOT_YET_VALID: {
    code: 'certificate_not_yet_valid',
    remedy: 'The certificate is not valid yet. Check its dates and the clocks.',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    code: 'certificate_for_other_name',
    remedy: 'The certificate is for another name. Get one for this host.',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: {
    code: 'certificate_self_signed',
    remedy: 'The certificate is self-signed. Use one from a public CA.',
  },
  SELF_SIGNED_CERT_IN_CHAIN: {
    code: 'certificate_of_private_ca',
    remedy: 'The certificate comes from a private CA. Use one from a public CA.',
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    code: 'certificate_chain_incomplete',
    remedy: 'The chain is incomplete. Serve the intermediate certificates too.',
  },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    code: 'certificate_issuer_unknown',
    remedy: 'The issuer is unknown. Serve the complete chain of a public CA.',
  },
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

function resetCode(stage: Stage): FindingCode {
  if (stage === 'tls') return 'tls_reset'
  return stage === 'body' ? 'body_reset' : 'response_reset'
}

function resetAt(stage: Stage): string {
  if (stage === 'tls') return 'during the TLS handshake'
  return stage === 'body' ? 'before its response was complete' : 'before it responded'
}

function resetRemedy(stage: Stage): string {
  if (stage === 'tls') return 'Check whether this port uses TLS, and which TLS versions it supports.'
  return "Check the receiver's log for a crash, or for a proxy that closes connections."
}

function inSeconds(milliseconds: number): string {
  return milliseconds >= 1_000 ? `${Math.round(milliseconds / 100) / 10} s` : `${Math.round(milliseconds)} ms`
}
