/**
 * A receiver that runs in its own process. It returns 204 for every POST, and reports to its parent how many requests arrived and
 * when.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

let count = 0
const ids = new Set<string>()
const arrivals: { path: string; at: number; id: string }[] = []

const server = createServer((request, response) => {
  const { url = '' } = request
  if (url.startsWith('/hang')) return
  const at = Date.now()
  request.resume()
  request.once('end', () => {
    count++
    const id = String(request.headers['webhook-id'])
    if (url.startsWith('/timed')) arrivals.push({ path: url, at, id })
    if (url.startsWith('/unique')) ids.add(`${url} ${id}`)
    response.writeHead(204).end()
    if (count === awaited) process.send?.({ awaited: count })
  })
})

let awaited = -1

process.on('message', (message: { await?: number; reset?: true; read?: true }) => {
  if (message.reset) {
    count = 0
    ids.clear()
    arrivals.length = 0
    awaited = -1
    process.send?.({ reset: true })
  }
  if (message.await !== undefined) {
    awaited = message.await
    if (count >= awaited) process.send?.({ awaited: count })
  }
  if (message.read) process.send?.({ count, unique: ids.size, arrivals })
})
process.on('disconnect', () => process.exit())

server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
