import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { createTestDirectory } from './embedded.ts'

/** The API key that test servers are started with. */
export const apiKey = 'bb_test_0123456789abcdefghijklmnop'

/**
 * `env` overrides the defaults: a free port, an owner with `apiKey`, and an embedded database. Variables that are `undefined` are
 * not set. `withinMs` limits how long the start may take.
 */
export type ServerOptions = {
  command?: 'serve' | 'demo'
  env?: Record<string, string | undefined>
  args?: string[]
  withinMs?: number
}

export type TestServer = {
  /** For example, `http://127.0.0.1:40123`, or the value of `BOOKBELL_URL`. */
  url: string
  process: ChildProcess
  /** The server's output so far on both streams. */
  output: () => string
  /** Sends a request with the API key, and with a JSON body if there is one. */
  request: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<JsonResponse>
  /** Stops the server gracefully (SIGTERM), removes its data directory unless `env` sets one, and returns the exit code. */
  stop: () => Promise<number | null>
  /** Kills the server (SIGKILL), like a power failure. Its data is kept. */
  kill: () => Promise<void>
}

// biome-ignore lint/suspicious/noExplicitAny: a test asserts on responses of any shape
export type JsonResponse = { status: number; headers: Headers; text: string; body: any }

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const readyLine = /Bookbell is ready at (http\S+)/

/**
 * Starts the real program in its own process and waits until it prints that it is ready.
 *
 * @throws {Error} with its output, if it exits instead or takes longer than `withinMs` (default: 120 s).
 */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const ownDirectory = options.env?.BOOKBELL_DATA === undefined ? await createTestDirectory() : undefined
  const child = spawn(process.execPath, [program, options.command ?? 'serve', ...(options.args ?? [])], {
    env: environment({ ...(ownDirectory ? { BOOKBELL_DATA: ownDirectory } : {}), ...options.env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = collectOutput(child)
  const removeDirectory = async () => {
    if (ownDirectory) await rm(ownDirectory, { recursive: true, force: true })
  }
  try {
    const port = options.env?.PORT
    const url = await untilReady(child, output, options.withinMs ?? 120_000)
    return {
      url,
      process: child,
      output,
      // The host in BOOKBELL_URL may not resolve on this machine.
      request: (method, path, body, headers) =>
        request((port ? `http://127.0.0.1:${port}` : url) + path, { method, body, headers }),
      stop: async () => {
        const code = await end(child, 'SIGTERM')
        await removeDirectory()
        return code
      },
      kill: async () => void (await end(child, 'SIGKILL')),
    }
  } catch (error) {
    await end(child, 'SIGKILL')
    await removeDirectory()
    throw error
  }
}

/** Passes on only the environment variables that a server needs, so that a developer's settings do not affect tests. */
function environment(own: Record<string, string | undefined>): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, TZ, NODE_COMPILE_CACHE } = process.env
  const defaults = {
    PORT: '0',
    BOOKBELL_OWNER_EMAIL: 'owner@example.com',
    BOOKBELL_OWNER_PASSWORD: 'correct horse battery staple',
    BOOKBELL_API_KEY: apiKey,
  }
  const all = { PATH, HOME, TMPDIR, TZ, NODE_COMPILE_CACHE, ...defaults, ...own }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

function collectOutput(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
  }
  return () => text
}

function untilReady(child: ChildProcess, output: () => string, withinMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(deadline)
      child.off('error', reject).off('close', onClose).stdout?.off('data', onOutput)
      finish()
    }
    const fail = (what: string) => settle(() => reject(new Error(`The server ${what}. It printed:\n${output()}`)))
    const onClose = (code: number | null, signal: string | null) =>
      fail(`ended (${signal ?? code}) before it was ready`)
    const onOutput = () => {
      const url = readyLine.exec(output())?.[1]
      // `localhost` may resolve to IPv4 or IPv6, and the server listens on only one of them.
      if (url) settle(() => resolve(url.replace('//localhost', '//127.0.0.1')))
    }
    const deadline = setTimeout(() => fail(`was not ready within ${withinMs} ms`), withinMs)
    child.on('error', reject).on('close', onClose).stdout?.on('data', onOutput)
  })
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const closed = once(child, 'close')
    child.kill(signal)
    await closed
  }
  return child.exitCode
}

type Call = { method: string; body: unknown; headers: Record<string, string> | undefined }

async function request(url: string, { method, body, headers }: Call): Promise<JsonResponse> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text ? JSON.parse(text) : undefined,
  }
}
