import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import type { Finding } from './finding.ts'
import { ConnectionError, describeError, describeTimeout, type HttpFailure, type Stage } from './http-failure.ts'
import type { Resolve, ResolvedAddress } from './name-resolver.ts'

/** The target of a connection. */
export interface Target {
  /** The host name in the form that resolvers and certificates use, without brackets and without a trailing dot. */
  host: string
  port: number
  secure: boolean
  /** Passed to the vetting function unchanged. Connections with different trust are never shared. */
  trust: string
}

/** Checks an address before a connection to it is opened. Returns why it is refused, or null if it is allowed. */
export type VetAddress = (address: string, target: Target) => Finding | null

export interface ConnectionSettings {
  resolve: Resolve
  vet: VetAddress
  /** For name resolution, connecting and TLS together, in milliseconds. */
  deadline: number
  /** For connecting alone, in milliseconds. */
  connectTimeout: number
  /** Additional TLS settings (a private certificate authority in tests). */
  tls?: ConnectionOptions
}

/** How far opening a connection has progressed. Updated along the way. */
export interface Progress {
  stage: Stage
}

/** How long to wait for one address before also trying the next, in milliseconds (RFC 8305, "Connection Attempt Delay"). */
const ATTEMPT_DELAY = 250
/** The maximum number of addresses to try for a name. */
const MOST_ADDRESSES = 8

/**
 * Opens a connection: resolves the name once, vets every address, connects to one of them, and checks the certificate
 * against the name. Rejects with a ConnectionError.
 */
export async function openConnection(
  target: Target,
  settings: ConnectionSettings,
  progress: Progress,
): Promise<Socket> {
  const end = performance.now() + settings.deadline
  const fail = (failure: HttpFailure, cause?: unknown) => new ConnectionError(failure, { cause })
  const inTime = <T>(work: Promise<T>, most: number) => {
    const time = Math.max(Math.min(most, end - performance.now()), 0)
    return settle(work, time, () => fail(describeTimeout(progress.stage, target, Math.min(most, settings.deadline))))
  }
  let race: Race | undefined
  let socket: Socket | undefined
  try {
    progress.stage = 'name'
    const addresses = await inTime(resolveAndVet(target, settings), settings.deadline)
    progress.stage = 'connect'
    race = raceTcp(target.port, addresses)
    socket = await inTime(race.won, settings.connectTimeout)
    if (!target.secure) return socket
    progress.stage = 'tls'
    socket = openTls(socket, target, settings.tls)
    await inTime(once(socket, 'secureConnect'), settings.deadline)
    return socket
  } catch (error) {
    race?.stop()
    socket?.destroy()
    throw error instanceof ConnectionError ? error : fail(describeError(error, progress.stage, target), error)
  }
}

/**
 * Resolves a target and vets all of its addresses. If one address is refused, the target is refused. Rejects with a
 * ConnectionError or the resolver's error.
 */
export async function resolveAndVet(
  target: Target,
  { resolve, vet }: Pick<ConnectionSettings, 'resolve' | 'vet'>,
): Promise<readonly ResolvedAddress[]> {
  const { addresses } = isIP(target.host) ? literal(target.host) : await resolve(target.host)
  for (const { address } of addresses) {
    const refusal = vet(address, target)
    if (refusal) throw new ConnectionError({ kind: 'guard', stage: 'name', ...refusal })
  }
  return addresses
}

/** Connection attempts to a target's addresses. The first successful attempt wins. */
interface Race {
  won: Promise<Socket>
  /** Ends all attempts that have not won. */
  stop(): void
}

/**
 * Connects to the vetted addresses in turn, alternating between IPv4 and IPv6 (RFC 8305). The next attempt starts when one has
 * failed or ATTEMPT_DELAY has passed, and earlier attempts continue. A dead or slow address therefore does not make the
 * connection fail. (Node's own `autoSelectFamily` gives up on each address after that delay.)
 */
function raceTcp(port: number, addresses: readonly ResolvedAddress[]): Race {
  const waiting = alternate(addresses).slice(0, MOST_ADDRESSES)
  const open = new Set<Socket>()
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  let timer: NodeJS.Timeout | undefined
  let problem: NodeJS.ErrnoException | undefined
  const stop = () => {
    clearTimeout(timer)
    waiting.length = 0
    for (const socket of open) socket.destroy()
    open.clear()
  }
  const startNext = () => {
    clearTimeout(timer)
    const next = waiting.shift()
    if (!next) return
    const socket = connectTcp({ host: next.address, port, noDelay: true })
    open.add(socket)
    socket.once('connect', () => {
      open.delete(socket)
      stop()
      resolve(socket)
    })
    // Later errors are still handled, because the next user of the socket adds its own listener.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      open.delete(socket)
      // A refused connection is more informative than an unreachable network.
      if (!problem || error.code === 'ECONNREFUSED') problem = error
      if (waiting.length > 0) startNext()
      else if (open.size === 0) reject(problem)
    })
    if (waiting.length > 0) timer = setTimeout(startNext, ATTEMPT_DELAY)
  }
  startNext()
  return { won: promise, stop }
}

function alternate(addresses: readonly ResolvedAddress[]): ResolvedAddress[] {
  const [first] = addresses
  const same = addresses.filter(({ family }) => family === first?.family)
  const other = addresses.filter(({ family }) => family !== first?.family)
  const turns = Array.from({ length: Math.max(same.length, other.length) }, (_, turn) => [same[turn], other[turn]])
  return turns.flat().filter((address) => address !== undefined)
}

function openTls(socket: Socket, { host }: Target, settings: ConnectionOptions = {}): Socket {
  return connectTls({ ...settings, socket, host, servername: isIP(host) ? '' : host, ALPNProtocols: ['http/1.1'] })
}

function literal(host: string): { addresses: ResolvedAddress[] } {
  return { addresses: [{ address: host, family: isIP(host) === 6 ? 6 : 4 }] }
}

/** Waits for a socket event. Later errors are still handled, because the next user of the socket adds its own listener. */
function once(socket: Socket, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve())
    socket.on('error', reject)
    socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
  })
}

function settle<T>(work: Promise<T>, milliseconds: number, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), milliseconds)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
