import { errors, fieldCodes, refusalReasons } from '../errors.ts'

/** The parts of an OpenAPI document that this file completes. */
interface Document {
  paths?: Record<string, Record<string, Operation> | undefined>
  components?: object
}

interface Operation {
  parameters?: object[]
  requestBody?: { required?: boolean; content?: Record<string, { schema?: { required?: string[] } }> }
  responses?: Record<string, { content?: object }>
}

const PROBLEM = { $ref: '#/components/schemas/Problem' }

/** A refusal (RFC 9457), as described in `docs/errors.md`. */
const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string', examples: ['urn:bookbell:error:slot_taken'] },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(errors), description: 'A stable error code' },
    reason: {
      type: 'string',
      enum: [...refusalReasons],
      description: 'The specific cause, if the code can have more than one cause. Left out otherwise',
    },
    detail: { type: 'string', description: 'What was found, what is allowed, and what to do' },
    errors: {
      type: 'array',
      description: 'The problem with each field, if the input is invalid',
      items: {
        type: 'object',
        required: ['path', 'message', 'code'],
        properties: {
          path: { type: 'string' },
          message: { type: 'string' },
          code: { type: 'string', enum: [...fieldCodes], description: 'The kind of problem' },
          limit: { type: 'number', description: 'The minimum or maximum, if the field has one' },
        },
      },
    },
  },
}

const idempotencyKey = {
  in: 'header',
  name: 'Idempotency-Key',
  required: false,
  schema: { type: 'string', minLength: 1, maxLength: 255 },
  description: 'For 24 hours, repeating a request with the same key and body returns the first response again',
}

/**
 * Adds the parts that apply to every call and do not belong to a route. These are refusals, `Idempotency-Key`, and the fact that
 * a body without required fields can be omitted.
 */
export function completeDocument<T extends object>(document: T): T {
  const { paths = {}, components } = document as Document
  for (const operations of Object.values(paths))
    for (const [method, operation] of Object.entries(operations ?? {})) completeOperation(operation, method)
  return { ...document, components: { ...components, schemas: { ...schemasOf(components), Problem: problemSchema } } }
}

function completeOperation(operation: Operation, method: string): void {
  const { responses = {}, requestBody } = operation
  // A 204 response has no content, even if a schema says so.
  delete responses[204]?.content
  responses.default = { ...refusalResponse }
  operation.responses = responses
  if (method === 'post') operation.parameters = [...(operation.parameters ?? []), idempotencyKey]
  const schemas = Object.values(requestBody?.content ?? {}).map(({ schema }) => schema)
  if (requestBody && schemas.every((schema) => !schema?.required?.length)) requestBody.required = false
}

const refusalResponse = {
  description: 'An error',
  content: { 'application/problem+json': { schema: PROBLEM } },
}

function schemasOf(components: object | undefined): object {
  return (components as { schemas?: object } | undefined)?.schemas ?? {}
}
