import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after } from 'node:test'
import { inSentences } from '../../src/platform/finding.ts'
import {
  createHttpClient,
  type HttpClient,
  type HttpClientSettings,
  type HttpResult,
} from '../../src/platform/http-client.ts'
import type { Resolution, Resolve } from '../../src/platform/name-resolver.ts'
import { checkResolved, makeTargetPolicy } from '../../src/webhooks/target-guard.ts'
import { type Behave, type RawReceiverOptions, rawReceiver } from './raw-receiver.ts'

/** Sends requests to receivers that misbehave, with the dispatcher's HTTP client. */

export const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'
export const closing: (() => Promise<void>)[] = []
after(() => Promise.all(closing.map((close) => close())))

export function clientWith(settings: Partial<HttpClientSettings> = {}, loopback = true): HttpClient {
  const policy = makeTargetPolicy({ loopback, allow: [], inspector: null })
  const client = createHttpClient({
    vet: (address, target) => checkResolved(policy, address, target.secure),
    deadline: 5_000,
    ...settings,
  })
  closing.push(() => client.close())
  return client
}

export async function receiverThat(behave: Behave, options: RawReceiverOptions = {}) {
  const receiver = await rawReceiver(behave, options)
  closing.push(() => receiver.close())
  return receiver
}

export function post(client: HttpClient, url: string): Promise<HttpResult> {
  const headers = ['content-type', 'application/json', 'accept-encoding', 'identity']
  return client.send({ method: 'POST', url: new URL(url), headers, body: Buffer.from('{"id":1}'), trust: 'outside' })
}

export function failureOf(result: HttpResult) {
  assert.ok(!result.ok, 'expected a failure')
  return { ...result.failure, message: inSentences(result.failure) }
}

export function responseOf(result: HttpResult) {
  assert.ok(result.ok, result.ok ? '' : inSentences(result.failure))
  return result.response
}

export const resolvesTo =
  (...addresses: string[]): Resolve =>
  async (): Promise<Resolution> => ({
    addresses: addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    lifetime: 0,
  })

/**
 * A stopped process whose short connection queue is full, so the kernel does not respond to further connections. Once the
 * process continues, it accepts the clients that are still trying. A client's kernel retries after a second.
 */
export async function receiverThatAcceptsNothing({ host = '127.0.0.1', port: wanted = 0 } = {}) {
  const listen = `http.createServer((_request, response) => response.end('ok')).listen(
    { port: ${wanted}, host: '${host}', backlog: 1 }, function () { process.send(this.address().port) })`
  const child = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  const [port] = (await once(child, 'message')) as [number]
  child.kill('SIGSTOP')
  const fillers = Array.from({ length: 8 }, () => connect(port, host).on('error', () => {}))
  await Promise.race(fillers.map((socket) => once(socket, 'connect')))
  const end = () => {
    for (const socket of fillers) socket.destroy()
    child.kill('SIGKILL')
  }
  return { port, goOn: () => child.kill('SIGCONT'), end }
}

export async function unusedPort(): Promise<number> {
  const receiver = await rawReceiver(() => {})
  await receiver.close()
  return receiver.port
}
