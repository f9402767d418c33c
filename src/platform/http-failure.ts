/** How a request failed, by what its sender or its receiver can do about it. */
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

/** How far a request had come. */
export type Stage = 'name' | 'connect' | 'tls' | 'headers' | 'body'

/** A failed request, in plain words: what happened and what to do. */
export interface HttpFailure {
  kind: FailureKind
  stage: Stage
  message: string
}

/** A failure on its way out of a connection. */
export class ConnectionError extends Error {
  readonly code = 'BOOKBELL_CONNECTION'
  readonly failure: HttpFailure

  constructor(failure: HttpFailure, options?: ErrorOptions) {
    super(failure.message, options)
    this.name = 'ConnectionError'
    this.failure = failure
  }
}

/** Where a request goes, for messages. */
export interface Destination {
  host: string
  port: number
}

/** Classifies an error of the resolver, the socket, TLS or the HTTP parser. */
export function describeError(error: unknown, stage: Stage, to: Destination): HttpFailure {
  if (error instanceof ConnectionError) return error.failure
  const code = codeOf(error)
  const kind = stage === 'name' ? 'name' : kindOf(code, stage)
  return { kind, stage, message: `${messages[kind](code, to, stage, error)}` }
}

/** What ran out of time, and in which stage. */
export function describeTimeout(stage: Stage, to: Destination, milliseconds: number): HttpFailure {
  return { kind: 'timeout', stage, message: timeouts[stage](`${to.host}:${to.port}`, inSeconds(milliseconds)) }
}

const timeouts: Record<Stage, (at: string, time: string) => string> = {
  name: (at, time) => `The name of ${at} was not resolved within ${time}. Check the DNS servers of that name.`,
  connect: (at, time) =>
    `${at} did not accept a connection within ${time}. Check that the receiver runs and that no firewall drops the connection.`,
  tls: (at, time) =>
    `${at} did not finish the TLS handshake within ${time}. Check the receiver's TLS settings and its load.`,
  headers: (at, time) =>
    `${at} took the request but did not answer within ${time}. Answer 2xx at once and do the work afterwards.`,
  body: (at, time) =>
    `${at} began to answer but did not finish within ${time}. Send a short body, or none, and end it.`,
}

type Describe = (code: string, to: Destination, stage: Stage, error: unknown) => string

const messages: Record<Exclude<FailureKind, 'timeout' | 'guard'>, Describe> = {
  name: (code, { host }) =>
    `The name ${host} could not be resolved (${code}). ${nameRemedies[code] ?? 'Check its DNS records.'}`,
  refused: (code, { host, port }) =>
    `Nothing accepts connections at ${host}:${port} (${code}). Check that the receiver runs, and its port.`,
  unreachable: (code, { host, port }) =>
    `${host}:${port} cannot be reached from this server (${code}). Check the address, routes and firewalls.`,
  reset: (code, { host, port }, stage) =>
    `${host}:${port} closed the connection ${resetAt(stage)} (${code}). ${resetRemedy(stage)}`,
  tls: (code, { host, port }) =>
    `No trusted TLS connection to ${host}:${port} (${code}). ${tlsRemedies[code] ?? 'Check the certificate and the TLS settings of the receiver.'}`,
  protocol: (code, { host, port }, _stage, error) =>
    protocolProblems[code]?.(`${host}:${port}`) ??
    `${host}:${port} did not answer in valid HTTP (${code}: ${messageOf(error)}). Check what listens there.`,
  stopped: () => 'This server stopped before the answer came. It will be tried again.',
}

const protocolProblems: Record<string, (at: string) => string> = {
  UND_ERR_HEADERS_OVERFLOW: (at) =>
    `The answer of ${at} has headers longer than 16 KiB together. Send fewer or shorter ones.`,
}

const nameRemedies: Record<string, string> = {
  ENOTFOUND: 'There is no such name: check its spelling, and that its DNS record is published.',
  ENODATA: 'The name has no address: publish an A or AAAA record.',
  ESERVFAIL: "Its DNS servers fail: check the domain's name servers and DNSSEC.",
  ETIMEOUT: "Its DNS servers do not answer: check the domain's name servers.",
  EAI_AGAIN: 'The resolver of this server does not answer at the moment.',
}

const tlsRemedies: Record<string, string> = {
  CERT_HAS_EXPIRED: 'The certificate has expired: renew it.',
  CERT_NOT_YET_VALID: 'The certificate is not valid yet: check its dates and the clocks.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is for another name: get one that names this host.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The certificate is self-signed: use one of a public authority.',
  SELF_SIGNED_CERT_IN_CHAIN: 'The certificate comes from a private authority: use one of a public authority.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'The chain is incomplete: serve the intermediate certificates too.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'The issuer is unknown: serve the whole chain of a public authority.',
}

const kindsByCode: Record<string, FailureKind> = {
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
  const known = kindsByCode[code] as Exclude<FailureKind, 'timeout' | 'guard'> | undefined
  if (known) return known
  if (stage === 'tls') return 'tls'
  return stage === 'connect' ? 'unreachable' : 'protocol'
}

function resetAt(stage: Stage): string {
  if (stage === 'tls') return 'during the TLS handshake'
  return stage === 'body' ? 'before its answer was complete' : 'before it answered'
}

function resetRemedy(stage: Stage): string {
  if (stage === 'tls') return 'Check that this port speaks TLS, and which versions.'
  return "Look in the receiver's log for a crash, or for a proxy that cuts connections."
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : 'unknown error'
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function inSeconds(milliseconds: number): string {
  return milliseconds >= 1_000 ? `${Math.round(milliseconds / 100) / 10} s` : `${Math.round(milliseconds)} ms`
}
