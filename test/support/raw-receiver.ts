import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'

/** A receiver on loopback that works with raw bytes, so that a test can misbehave in exactly one way. */
export interface RawReceiver {
  port: number
  url: string
  /** How many connections were opened, and how many whole requests arrived. */
  connections: number
  requests: number
  /** Waits until every connection has ended. */
  drained(): Promise<void>
  close(): Promise<void>
}

export type Behave = (socket: Socket, request: string) => void

/**
 * When to call `behave`. `early` means immediately. `head` means after the first head has arrived, after which no more data is
 * read.
 */
export type RawReceiverOptions = { early?: boolean; head?: boolean; certificate?: string }

/** Starts a receiver that calls `behave` for each whole request (head and body), or sooner with an option. */
export async function rawReceiver(behave: Behave, options: RawReceiverOptions = {}): Promise<RawReceiver> {
  const sockets = new Set<Socket>()
  const onSocket = (socket: Socket) => {
    receiver.connections++
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    if (options.early) behave(socket, '')
    if (options.head) return void socket.once('data', (chunk) => behave(socket.pause(), chunk.toString('latin1')))
    readRequests(socket, (request) => {
      receiver.requests++
      if (!options.early) behave(socket, request)
    })
  }
  const server = options.certificate ? tlsServer(options.certificate, onSocket) : createServer(onSocket)
  const port = await listen(server)
  const receiver: RawReceiver = {
    port,
    url: `http${options.certificate ? 's' : ''}://127.0.0.1:${port}/hook`,
    connections: 0,
    requests: 0,
    async drained() {
      await Promise.all([...sockets].map((socket) => new Promise((done) => socket.once('close', done))))
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((done) => server.close(done))
    },
  }
  return receiver
}

/** One of the certificates in `certificates/`. */
export function certificate(name: string): Buffer {
  return readFileSync(new URL(`./certificates/${name}.pem`, import.meta.url))
}

function tlsServer(name: string, onSocket: (socket: Socket) => void): Server {
  const server = createTlsServer({ cert: certificate(name), key: certificate(`${name}.key`) }, onSocket)
  server.on('tlsClientError', () => {})
  return server
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return (server.address() as AddressInfo).port
}

function readRequests(socket: Socket, onRequest: (request: string) => void): void {
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    const end = text.indexOf('\r\n\r\n')
    if (end < 0) return
    const length = Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? 0)
    if (text.length < end + 4 + length) return
    const request = text
    text = ''
    onRequest(request)
  })
}
