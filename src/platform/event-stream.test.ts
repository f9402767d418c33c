import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { eventMessage, heartbeatMessage, readMessages } from './event-stream.ts'

test('reads the messages that were written, in whatever chunks they arrive', async () => {
  const text = `retry: 2000\n\n${eventMessage(41, '{"name":"Zoë: 时间"}')}${heartbeatMessage(41)}${eventMessage(42, '{}')}`
  const bytes = Buffer.from(text)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
      const ends = [...cuts.sort((a, b) => a - b), bytes.length]
      const pieces = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
      const messages = await Array.fromAsync(readMessages(fromPieces(pieces)))
      assert.deepEqual(messages, [
        { id: undefined, data: undefined },
        { id: '41', data: '{"name":"Zoë: 时间"}' },
        { id: '41', data: undefined },
        { id: '42', data: '{}' },
      ])
    }),
  )
})

test('a message that was cut off when the connection ended is ignored', async () => {
  const messages = await Array.fromAsync(readMessages(fromPieces([Buffer.from('id: 42\ndata: {"half":')])))
  assert.deepEqual(messages, [])
})

async function* fromPieces(pieces: Buffer[]) {
  yield* pieces
}
