import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, request as openRequest, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { findFreePort } from './free-port.ts'
import { waitFor } from './wait.ts'

/** The CalDAV servers that the tests run. They are installed from Debian packages. */
export const davPrograms = ['radicale', 'xandikos'] as const
export type DavProgram = (typeof davPrograms)[number]

/** A CalDAV server on loopback, behind a proxy that requires a password and can inject faults. */
export interface DavServer {
  /** The URL that a member would type. */
  url: string
  username: string
  password: string
  /** Creates a calendar (MKCALENDAR), and returns its URL. */
  makeCalendar(name: string): Promise<string>
  /** Sends a request as the member's own calendar program does. */
  send(method: string, url: string, body?: string, headers?: Record<string, string>): Promise<DavAnswer>
  /** Stores a calendar file with these components, and returns its URL. */
  put(calendar: string, name: string, lines: readonly string[]): Promise<string>
  /** Changes the password that is required from now on. */
  setPassword(password: string): void
  /**
   * Replaces the response to Bookbell's requests from now on. Undefined restores the usual response. `pass` forwards the request.
   */
  fail(fault: DavFault | undefined): void
  /** Bookbell's requests so far, such as `PUT /ada/work/1.ics`. */
  requests: string[]
  stop(): Promise<void>
}

export interface DavAnswer {
  status: number
  headers: Headers
  body: string
}

export type DavFault = (exchange: {
  request: IncomingMessage
  response: ServerResponse
  /** Forwards the request. Resolves when the server has responded. With `silent`, the response is not passed on. */
  pass: (silent?: boolean) => Promise<void>
}) => void

const username = 'ada'
/** Marks requests from the member's own calendar program, which get no injected faults. */
const ownProgram = 'x-own-program'

/** Starts a CalDAV server with an empty account. */
export async function startDavServer(program: DavProgram): Promise<DavServer> {
  const folder = mkdtempSync(join(tmpdir(), `bookbell-${program}-`))
  const port = await findFreePort()
  const child = spawn(findProgram(program), argumentsOf(program, folder, port), { stdio: 'ignore' })
  const ended = once(child, 'exit')
  try {
    await waitFor(() => isListening(port, child), { what: `the start of ${program}` })
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  const proxy = makeProxy(port)
  await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(proxy.server.address() as AddressInfo).port}`
  const send: DavServer['send'] = async (method, target, body, headers = {}) => {
    const given = { authorization: basic(username, proxy.password), [ownProgram]: '1', ...headers }
    const answer = await fetch(target, { method, headers: given, redirect: 'manual', ...(body ? { body } : {}) })
    return { status: answer.status, headers: answer.headers, body: await answer.text() }
  }
  const home = program === 'radicale' ? `${url}/${username}/` : `${url}/${username}/calendars/`
  return {
    url: `${url}/`,
    username,
    password: proxy.password,
    send,
    async makeCalendar(name) {
      const calendar = `${home}${encodeURIComponent(name)}/`
      const body = `<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop><D:displayname>${name}</D:displayname></D:prop></D:set></C:mkcalendar>`
      const { status, body: text } = await send('MKCALENDAR', calendar, body, { 'content-type': 'application/xml' })
      if (status !== 201) throw new Error(`MKCALENDAR: ${status} ${text}`)
      return calendar
    },
    async put(calendar, name, lines) {
      const target = `${calendar}${encodeURIComponent(name)}`
      const file = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//tests//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n')
      const { status, body } = await send('PUT', target, file, { 'content-type': 'text/calendar; charset=utf-8' })
      if (status !== 201 && status !== 204) throw new Error(`PUT: ${status} ${body}`)
      return target
    },
    setPassword(password) {
      proxy.password = password
    },
    fail(fault) {
      proxy.fault = fault
    },
    requests: proxy.requests,
    async stop() {
      proxy.server.closeAllConnections()
      await new Promise((resolve) => proxy.server.close(resolve))
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Returns the path of a program in the PATH or in the system program folders. Throws if it is not installed. */
function findProgram(program: DavProgram): string {
  const found = findDavProgram(program)
  if (!found)
    throw new Error(`${program} was not found on the PATH: install it (on Debian: apt-get install ${program})`)
  return found
}

/** Returns the path of a CalDAV server's program. Returns undefined if it is not installed. */
export function findDavProgram(program: DavProgram): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return folders.map((folder) => join(folder, program)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function argumentsOf(program: DavProgram, folder: string, port: number): string[] {
  if (program === 'radicale') {
    const storage = ['--storage-filesystem-folder', folder]
    return ['-C', '', '--hosts', `127.0.0.1:${port}`, '--auth-type', 'http_x_remote_user', ...storage]
  }
  const principal = ['--current-user-principal', `/${username}/`, '--defaults']
  return ['-d', folder, '-l', '127.0.0.1', '-p', String(port), ...principal]
}

async function isListening(port: number, child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}.`)
  const socket = connect(port, '127.0.0.1')
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  }).finally(() => socket.destroy()) as Promise<boolean>
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

/** Requires the password, like the web server in front of a real CalDAV server. */
function makeProxy(port: number) {
  const proxy = {
    password: 'the first password',
    fault: undefined as DavFault | undefined,
    requests: [] as string[],
    server: createServer((request, response) => {
      const isOwn = request.headers[ownProgram] !== undefined
      const pass = (silent = false) => forward(request, response, { port, silent })
      if (!isOwn) proxy.requests.push(`${request.method} ${decodeURIComponent(request.url ?? '')}`)
      if (!isOwn && proxy.fault) return proxy.fault({ request, response, pass })
      if (request.headers.authorization !== basic(username, proxy.password))
        return response.writeHead(401, { 'www-authenticate': 'Basic realm="calendars"' }).end()
      return void pass()
    }),
  }
  return proxy
}

async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  { port, silent }: { port: number; silent: boolean },
): Promise<void> {
  const headers = { ...request.headers, 'x-remote-user': username }
  const { method, url: path } = request
  const forwarded = openRequest({ host: '127.0.0.1', port, method, path, headers })
  request.pipe(forwarded)
  const [answer] = (await once(forwarded, 'response')) as [IncomingMessage]
  if (silent) {
    answer.resume()
    await once(answer, 'end')
    response.destroy()
    return
  }
  response.writeHead(answer.statusCode ?? 502, answer.headers)
  answer.pipe(response)
  await once(response, 'close')
}
