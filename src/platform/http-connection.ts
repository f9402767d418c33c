import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { ConnectionError, describeError, describeTimeout, type HttpFailure, type Stage } from './http-failure.ts'
import type { Resolve, ResolvedAddress } from './name-resolver.ts'

/** What a connection goes to. */
export interface Target {
  /** As a resolver and a certificate know it: no brackets, no final dot. */
  host: string
  port: number
  secure: boolean
  /** Handed to the vetting function unchanged, and never shared: connections of different trust are kept apart. */
  trust: string
}

/** Judges an address before anything connects to it. A sentence refuses it. */
export type VetAddress = (address: string, target: Target) => string | null

export interface ConnectionSettings {
  resolve: Resolve
  vet: VetAddress
  /** For name, connecting and TLS together, in milliseconds. */
  deadline: number
  /** For connecting alone, in milliseconds. */
  connectTimeout: number
  /** Further TLS settings (a private authority in tests). */
  tls?: ConnectionOptions
}

/** How far a connection has come; changed while it is made. */
export interface Progress {
  stage: Stage
}

const ATTEMPT_TIMEOUT = 250

/**
 * Opens a connection: resolves the name once, has every address vetted, connects to one of those, and checks the
 * certificate against the name. Rejects with a ConnectionError.
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
  let socket: Socket | undefined
  try {
    progress.stage = 'name'
    const addresses = await inTime(resolveAndVet(target, settings), settings.deadline)
    progress.stage = 'connect'
    socket = openTcp(target, addresses)
    await inTime(once(socket, 'connect'), settings.connectTimeout)
    if (!target.secure) return socket
    progress.stage = 'tls'
    socket = openTls(socket, target, settings.tls)
    await inTime(once(socket, 'secureConnect'), settings.deadline)
    return socket
  } catch (error) {
    socket?.destroy()
    throw error instanceof ConnectionError ? error : fail(describeError(error, progress.stage, target), error)
  }
}

/** The addresses of a target, all of them vetted: one refused address refuses the target. Rejects with a ConnectionError or the resolver's error. */
export async function resolveAndVet(
  target: Target,
  { resolve, vet }: Pick<ConnectionSettings, 'resolve' | 'vet'>,
): Promise<readonly ResolvedAddress[]> {
  const { addresses } = isIP(target.host) ? literal(target.host) : await resolve(target.host)
  for (const { address } of addresses) {
    const refusal = vet(address, target)
    if (refusal) throw new ConnectionError({ kind: 'guard', stage: 'name', message: refusal })
  }
  return addresses
}

function openTcp({ host, port }: Target, addresses: readonly ResolvedAddress[]): Socket {
  // Only the vetted addresses can be connected to: the socket's own lookup is never used.
  const lookup: LookupFunction = (_host, options, done) => {
    const [first] = addresses
    if (options.all) done(null, [...addresses])
    else done(null, first?.address ?? '', first?.family)
  }
  return connectTcp({
    host,
    port,
    lookup,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ATTEMPT_TIMEOUT,
    noDelay: true,
  })
}

function openTls(socket: Socket, { host }: Target, settings: ConnectionOptions = {}): Socket {
  return connectTls({ ...settings, socket, host, servername: isIP(host) ? '' : host, ALPNProtocols: ['http/1.1'] })
}

function literal(host: string): { addresses: ResolvedAddress[] } {
  return { addresses: [{ address: host, family: isIP(host) === 6 ? 6 : 4 }] }
}

/** Waits for an event of a socket. Its errors stay handled afterwards: whoever uses the socket next listens for them too. */
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
