import type { TestApp } from './app.ts'

/** A parameter of a route, as the OpenAPI document describes it. */
export interface RouteParameter {
  in: 'path' | 'query' | 'header'
  name: string
  required: boolean
}

/** One route of the API, as its own OpenAPI document describes it. */
export interface Route {
  /** In upper case. */
  method: string
  /** For example, `/api/v1/members/{id}`. */
  path: string
  parameters: RouteParameter[]
  /** The JSON Schema of the route's body. Undefined if it does not accept one. */
  body: JsonSchema | undefined
  /** Whether it returns a stream that does not end by itself. */
  isStream: boolean
}

/** The part of a JSON Schema that these tests read. */
export interface JsonSchema {
  type?: string | string[]
  properties?: Record<string, JsonSchema>
  oneOf?: JsonSchema[]
  anyOf?: JsonSchema[]
  required?: string[]
}

interface Operation {
  parameters?: RouteParameter[]
  requestBody?: { content: Record<string, { schema: JsonSchema }> }
}

/** Every route that the program's OpenAPI document lists. */
export async function listRoutes(app: TestApp): Promise<Route[]> {
  const { body } = await app.api('GET', '/api/openapi.json')
  const paths = Object.entries(body.paths as Record<string, Record<string, Operation>>)
  return paths.flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      parameters: operation.parameters ?? [],
      body: operation.requestBody?.content['application/json']?.schema,
      isStream: path.endsWith('/stream'),
    })),
  )
}

/** The path with its parameters filled in. */
export function fillPath(path: string, values: Record<string, string>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`${path}: no value for {${name}}`)
    return encodeURIComponent(value)
  })
}

const queryExamples: Record<string, string> = {
  start: '2027-03-01T08:00:00Z',
  from: '2027-03-01',
  to: '2027-03-02',
  timezone: 'UTC',
  since: '2027-01-01T00:00:00Z',
  only: 'all',
  value: 'example.org',
}

/** Returns the query that the route requires, with its question mark. Returns an empty text if it does not require one. */
export function requiredQuery({ path, parameters }: Route): string {
  const needed = parameters.filter((parameter) => parameter.in === 'query' && parameter.required)
  const query = new URLSearchParams()
  for (const { name } of needed) {
    const value = queryExamples[name]
    if (value === undefined) throw new Error(`${path}: no value for the query parameter ${name}`)
    query.set(name, value)
  }
  return query.size > 0 ? `?${query}` : ''
}
