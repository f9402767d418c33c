import type { Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress, constants as zlib } from 'node:zlib'
import { Client, type Dispatcher } from 'undici'
import { MINUTE } from '../time/durations.ts'
import {
  type ConnectionSettings,
  openConnection,
  type Progress,
  type Target,
  type VetAddress,
} from './http-connection.ts'
import { describeError, describeTimeout, type HttpFailure, type Stage } from './http-failure.ts'
import { cacheResolver, type Resolve, systemResolver } from './name-resolver.ts'

/** A request to a URL that a user chose. */
export interface OutgoingRequest {
  method: string
  url: URL
  /** Names and values alternate. */
  headers: readonly string[]
  body: Buffer | null
  /** Passed to the vetting function. Connections are shared only between requests with the same trust. */
  trust: string
}

export interface HttpResponse {
  status: number
  headers: Record<string, string | string[] | undefined>
  /** The decoded body, up to the size limit, read as UTF-8. */
  body: string
  /** Whether the body was longer than the stored part. */
  truncated: boolean
}

/** A complete response (up to the size limit), or a failure, possibly after the headers arrived. */
export type HttpResult =
  | { ok: true; response: HttpResponse; duration: number }
  | { ok: false; response: HttpResponse | null; failure: HttpFailure; duration: number }

export interface HttpClient {
  /** Sends a request and reads the response within the deadline. Never rejects. */
  send(request: OutgoingRequest): Promise<HttpResult>
  /** Returns how many origins have connections, and how many requests are in flight. */
  stats(): { origins: number; inFlight: number }
  /** Waits for requests in flight, then closes all connections. */
  close(): Promise<void>
}

export interface HttpClientSettings {
  vet: VetAddress
  /** Resolves names. Defaults to the system's resolver with a cache. */
  resolve?: Resolve
  /** The time for resolution, connecting, TLS, headers and body together, in milliseconds. Defaults to REQUEST_DEADLINE. */
  deadline?: number
  connectTimeout?: number
  /** How much of a response body is kept, in bytes. Defaults to 16 KiB. */
  bodyLimit?: number
  /** How many origins may keep idle connections. */
  origins?: number
  /** How long a connection is reused, in milliseconds. After that, the name is resolved and vetted again. */
  connectionAge?: number
  tls?: ConnectionSettings['tls']
}

/** How long a request may take from name resolution to the end of the response, in milliseconds. */
export const REQUEST_DEADLINE = 15_000
/** How long connecting alone may take, in milliseconds. */
export const CONNECT_TIMEOUT = 5_000
/** How many origins keep idle connections. */
const ORIGINS = 500
/** How many idle connections one origin keeps. */
const FREE_CONNECTIONS = 1_024
/** How long a connection is reused, in milliseconds. */
const CONNECTION_AGE = 5 * MINUTE
/**
 * If the receiver closes an idle connection within this many milliseconds of our request, the two may have crossed in transit.
 */
const STALE_WITHIN = 1_000
/** How much of a response body is kept, in bytes. */
const BODY_LIMIT = 16 * 1024
/** The maximum total size of a response's headers, in bytes. */
const HEADERS_LIMIT = 16 * 1024

/** A keep-alive connection that carries one request at a time. If it was closed, undici reopens it when needed. */
interface Connection {
  client: Client
  /** The progress of opening the connection. */
  progress: Progress
  /** The time, on the monotonic clock, after which the connection is closed when its current request ends. */
  until: number
  /** Whether the connection has received a response before. */
  used: boolean
}

interface Origin {
  target: Target
  url: string
  inFlight: number
  /** Idle connections, the most recently used last. The last one is taken first, so that surplus connections expire. */
  free: Connection[]
  open: Set<Connection>
}

/**
 * Creates an HTTP client for URLs that users choose. Every connection is vetted, every request is bounded in time and memory, and
 * redirects are not followed. Each origin has its own keep-alive connections, and no request waits for another one. undici's Pool
 * is not used, because it would search all connections for a free one.
 */
export function createHttpClient(settings: HttpClientSettings): HttpClient {
  const deadline = settings.deadline ?? REQUEST_DEADLINE
  const age = settings.connectionAge ?? CONNECTION_AGE
  const connection: ConnectionSettings = {
    resolve: settings.resolve ?? cacheResolver(systemResolver()),
    vet: settings.vet,
    deadline,
    connectTimeout: settings.connectTimeout ?? CONNECT_TIMEOUT,
    ...(settings.tls ? { tls: settings.tls } : {}),
  }
  const origins = new Map<string, Origin>()
  const most = settings.origins ?? ORIGINS
  const bodyLimit = settings.bodyLimit ?? BODY_LIMIT

  function originOf({ url, trust }: OutgoingRequest): Origin {
    const key = `${trust} ${url.origin}`
    const known = origins.get(key)
    const origin = known ?? openOrigin(url, trust)
    // The map is ordered by use, the least recently used first.
    if (known) origins.delete(key)
    origins.set(key, origin)
    if (origins.size > most) evictIdle(origins, origin)
    return origin
  }

  return {
    send(request) {
      const origin = originOf(request)
      const open = () => openClient(origin, connection, age)
      return new Promise((resolve) => new Exchange(origin, open, { request, deadline, bodyLimit, resolve }).start())
    },
    stats() {
      let inFlight = 0
      for (const origin of origins.values()) inFlight += origin.inFlight
      return { origins: origins.size, inFlight }
    },
    async close() {
      await Promise.all([...origins.values()].map(closeOrigin))
      origins.clear()
    },
  }
}

function openOrigin(url: URL, trust: string): Origin {
  const secure = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const target = { host, port: Number(url.port) || (secure ? 443 : 80), secure, trust }
  return { target, url: url.origin, inFlight: 0, free: [], open: new Set() }
}

function openClient(origin: Origin, settings: ConnectionSettings, age: number): Connection {
  const progress: Progress = { stage: 'name' }
  const client = new Client(origin.url, {
    connect: (_options, done) => {
      openConnection(origin.target, settings, progress).then(
        (socket) => done(null, socket),
        (error) => done(error, null),
      )
    },
    // The exchange has a single deadline for all stages.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: HEADERS_LIMIT,
    allowH2: false,
    pipelining: 1,
  })
  const connection = { client, progress, until: performance.now() + age, used: false }
  origin.open.add(connection)
  return connection
}

/** Keeps a connection for the next request, or closes it if it failed, is too old, or enough connections are idle. */
function returnConnection(origin: Origin, connection: Connection, usable: boolean): void {
  if (usable && origin.free.length < FREE_CONNECTIONS && performance.now() < connection.until) {
    connection.used = true
    origin.free.push(connection)
    return
  }
  origin.open.delete(connection)
  // Deferred, because this must not run inside undici's own callback.
  setImmediate(() => void connection.client.destroy())
}

async function closeOrigin({ open }: Origin): Promise<void> {
  await Promise.all([...open].map(({ client }) => client.close()))
}

/** Closes the connections of the origin that has been idle longest, if there is one. */
function evictIdle(origins: Map<string, Origin>, keep: Origin): void {
  for (const [key, origin] of origins) {
    if (origin.inFlight > 0 || origin === keep) continue
    origins.delete(key)
    void closeOrigin(origin)
    return
  }
}

/**
 * One request and its response. Ends exactly once: with the end of the response, an error, the body limit or the deadline.
 *
 * If an idle connection closes before any response arrives, the receiver closed it while the request was on its way. This does
 * not count as a failure. The request is sent again on a new connection, within the same deadline. RFC 9112 §9.3.1 allows this if
 * a duplicate does no harm, and a duplicate has the same id.
 */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #origin: Origin
  readonly #open: () => Connection
  #connection: Connection
  readonly #deadline: number
  readonly #bodyLimit: number
  readonly #resolve: (result: HttpResult) => void
  readonly #startedAt = performance.now()
  #timer: NodeJS.Timeout | undefined
  #controller: Dispatcher.DispatchController | undefined
  readonly #request: OutgoingRequest
  #done = false
  /** Whether any part of a response has arrived. */
  #responded = false
  #status = 0
  #headers: HttpResponse['headers'] = {}
  #chunks: Buffer[] = []
  #size = 0

  constructor(
    origin: Origin,
    open: () => Connection,
    {
      request,
      deadline,
      bodyLimit,
      resolve,
    }: {
      request: OutgoingRequest
      deadline: number
      bodyLimit: number
      resolve: (result: HttpResult) => void
    },
  ) {
    this.#request = request
    this.#origin = origin
    this.#open = open
    this.#connection = origin.free.pop() ?? open()
    this.#deadline = deadline
    this.#bodyLimit = bodyLimit
    this.#resolve = resolve
  }

  start(): void {
    this.#origin.inFlight++
    this.#timer = setTimeout(() => this.#timeOut(), this.#deadline)
    this.#dispatch()
  }

  #dispatch(): void {
    const { method, url, headers, body } = this.#request
    const path = url.pathname + url.search
    this.#connection.client.dispatch({ method, path, headers: headers as string[], body }, this)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // The deadline may have passed while the request waited for its connection.
    if (this.#done) controller.abort(new Error('the deadline has passed'))
    else this.#controller = controller
  }

  onResponseStart(_controller: unknown, status: number, headers: HttpResponse['headers']): void {
    this.#responded = true
    if (status < 200) return
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    if (this.#done) return
    this.#chunks.push(chunk)
    this.#size += chunk.length
    if (this.#size <= this.#bodyLimit) return
    this.#finish(null, false)
    this.#controller?.abort(new Error('the body is longer than the limit'))
  }

  onResponseEnd(): void {
    this.#finish(null)
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#done) return
    const failure = describeError(error, this.#stage(), this.#origin.target)
    if (failure.kind === 'reset' && this.#wasStale()) this.#sendAgain()
    else this.#finish(failure)
  }

  #wasStale(): boolean {
    return this.#connection.used && !this.#responded && performance.now() - this.#startedAt < STALE_WITHIN
  }

  #sendAgain(): void {
    returnConnection(this.#origin, this.#connection, false)
    this.#connection = this.#open()
    this.#controller = undefined
    this.#dispatch()
  }

  #timeOut(): void {
    this.#finish(describeTimeout(this.#stage(), this.#origin.target, this.#deadline))
    this.#controller?.abort(new Error('the deadline has passed'))
  }

  #stage(): Stage {
    if (this.#status > 0) return 'body'
    if (this.#controller) return 'headers'
    return this.#connection.progress.stage
  }

  #finish(failure: HttpFailure | null, usable = failure === null): void {
    if (this.#done) return
    this.#done = true
    clearTimeout(this.#timer)
    this.#origin.inFlight--
    returnConnection(this.#origin, this.#connection, usable)
    const encoding = this.#headers['content-encoding']
    const bytes = joinChunks(this.#chunks)
    if (encoding === undefined || encoding === 'identity' || this.#size === 0) {
      this.#settle(failure, bytes, this.#size > this.#bodyLimit)
      return
    }
    decode(bytes.subarray(0, this.#bodyLimit), String(encoding), this.#bodyLimit).then((body) =>
      this.#settle(failure, body, this.#size > this.#bodyLimit || body.length > this.#bodyLimit),
    )
  }

  #settle(failure: HttpFailure | null, body: Buffer, truncated: boolean): void {
    const duration = performance.now() - this.#startedAt
    const response = this.#status === 0 ? null : this.#response(body, truncated)
    if (failure) this.#resolve({ ok: false, response, failure, duration })
    else if (response) this.#resolve({ ok: true, response, duration })
  }

  #response(body: Buffer, truncated: boolean): HttpResponse {
    return { status: this.#status, headers: this.#headers, body: readText(body, this.#bodyLimit), truncated }
  }
}

const NOTHING = Buffer.alloc(0)

function joinChunks(chunks: readonly Buffer[]): Buffer {
  return chunks.length > 1 ? Buffer.concat(chunks) : (chunks[0] ?? NOTHING)
}

/** Text columns in PostgreSQL cannot contain NUL. */
function readText(body: Buffer, limit: number): string {
  return body.length === 0 ? '' : body.subarray(0, limit).toString('utf8').replaceAll('\0', '\ufffd')
}

const decoders: Record<string, () => Transform> = {
  gzip: () => createGunzip({ finishFlush: zlib.Z_SYNC_FLUSH }),
  'x-gzip': () => createGunzip({ finishFlush: zlib.Z_SYNC_FLUSH }),
  deflate: () => createInflate({ finishFlush: zlib.Z_SYNC_FLUSH }),
  br: () => createBrotliDecompress({ finishFlush: zlib.BROTLI_OPERATION_FLUSH }),
  zstd: () => createZstdDecompress({ finishFlush: zlib.ZSTD_e_flush }),
}

/**
 * Decodes a body that is compressed although no compression was requested. Stops one byte after the limit. Returns the bytes
 * unchanged if they cannot be decoded.
 */
function decode(bytes: Buffer, encoding: string, limit: number): Promise<Buffer> {
  const decoder = decoders[encoding.trim().toLowerCase()]?.()
  if (!decoder) return Promise.resolve(bytes)
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const finish = () => {
      decoder.destroy()
      resolve(size === 0 ? bytes : Buffer.concat(chunks).subarray(0, limit + 1))
    }
    decoder.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      if (size > limit) finish()
    })
    decoder.once('end', finish).once('error', finish)
    decoder.end(bytes)
  })
}
