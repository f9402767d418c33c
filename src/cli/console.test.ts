import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openConsole } from './console.ts'

function record(isTTY: boolean) {
  const written: string[] = []
  return { output: { isTTY, write: (text: string | Uint8Array) => written.push(String(text)) > 0 }, written }
}

test('on a terminal, the status line is below the other lines and is overwritten', () => {
  const { output, written } = record(true)
  const console = openConsole(output)
  console.show('connected')
  console.say('something happened')
  console.show('still connected')
  assert.equal(written.join(''), '\r\u001b[2Kconnected\r\u001b[2Ksomething happened\n\r\u001b[2Kstill connected')
})

test('a file contains only the lines, without the status', () => {
  const { output, written } = record(false)
  const console = openConsole(output)
  console.show('connected')
  console.say('something happened')
  assert.equal(written.join(''), 'something happened\n')
})
