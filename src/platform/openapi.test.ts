import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { createHttpServer } from './http-server.ts'
import { createLogger } from './log.ts'
import { registerOpenApi } from './openapi.ts'
import { pageQuerySchema } from './pagination.ts'

const app = createHttpServer({ logger: createLogger('silent'), trustProxy: [] })

interface Operation {
  security?: object[]
  requestBody?: { required?: boolean }
  parameters?: { name: string; required?: boolean; schema?: object }[]
  responses: Record<string, { content?: Record<string, { schema: object }> }>
}
let paths: Record<string, Record<string, Operation>>

before(async () => {
  await registerOpenApi(app, { version: '1.2.3', url: 'https://book.example.com', webhooks: {} })
  const message = z.strictObject({ message: z.string().optional() })
  const named = z.strictObject({ name: z.string() })
  app.post('/open', { config: { access: 'public' }, schema: { body: message } }, () => ({}))
  app.post('/things', { config: { access: 'admin' }, schema: { body: named } }, () => ({}))
  app.patch('/things', { config: { access: 'admin' }, schema: { body: named.partial() } }, () => ({}))
  app.get('/things', { config: { access: 'admin' }, schema: { querystring: pageQuerySchema } }, () => ({}))
  app.delete('/things', { config: { access: 'admin' }, schema: { response: { 204: z.void() } } }, () => undefined)
  paths = (await app.inject('/api/openapi.json')).json().paths
})
after(() => app.close())

test('public calls are described as usable without a key, and all others as needing one', () => {
  assert.deepEqual(paths['/open']?.post?.security, [])
  assert.equal(paths['/things']?.post?.security, undefined)
})

test('a body without required fields is described as optional', () => {
  const required = (path: string) => paths[path]?.post?.requestBody?.required
  assert.deepEqual([required('/open'), required('/things')], [false, true])
  assert.equal(paths['/things']?.patch?.requestBody?.required, false)
})

test('numbers in a query are described as numbers, with their default', () => {
  const limit = paths['/things']?.get?.parameters?.find(({ name }) => name === 'limit')
  assert.deepEqual(
    [limit?.required, limit?.schema],
    [false, { type: 'integer', minimum: 1, maximum: 200, default: 50 }],
  )
})

test('every POST is described with its Idempotency-Key', () => {
  const names = (method: string) => paths['/things']?.[method]?.parameters?.map(({ name }) => name)
  assert.deepEqual([names('post'), names('delete')], [['Idempotency-Key'], undefined])
})

test('every call is described with its refusals as problem documents', async () => {
  const { components } = (await app.inject('/api/openapi.json')).json()
  assert.ok(components.schemas.Problem.properties.code.enum.includes('slot_taken'))
  for (const operation of Object.values(paths).flatMap(Object.values)) {
    const content = operation.responses.default?.content
    assert.deepEqual(content?.['application/problem+json']?.schema, { $ref: '#/components/schemas/Problem' })
  }
})

test('a response without a body is described without one', () => {
  assert.equal(paths['/things']?.delete?.responses[204]?.content, undefined)
})
