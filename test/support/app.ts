import type { OrganizationId } from '../../src/access/gate.ts'
import { type Bookbell, type BookbellOptions, createBookbell } from '../../src/app.ts'
import { parseConfig } from '../../src/config.ts'
import { accept } from '../../src/errors.ts'
import { createOrganization } from '../../src/organizations/service.ts'
import { type Clock, systemClock } from '../../src/platform/clock.ts'
import type { Database } from '../../src/platform/database.ts'
import { createLogger } from '../../src/platform/log.ts'
import { makeSecrets, type Secrets } from '../../src/platform/secrets.ts'
import { findFreePort } from './free-port.ts'
import type { JsonResponse } from './server.ts'

export interface TestAppOptions {
  clock?: Clock
  /** The environment variables that the configuration is read from. */
  env?: Record<string, string>
  /** Listens on loopback, for tests that need real sockets. Requests are injected otherwise. */
  listen?: boolean
  /** Starts the workers: dispatcher and jobs. */
  work?: boolean
  options?: Partial<BookbellOptions>
}

/** The whole program, running in the test's process with one organization. */
export interface TestApp {
  bookbell: Bookbell
  database: Database
  secrets: Secrets
  url: string
  organization: OrganizationId
  apiKey: string
  /** Calls the API with the organization's key, unless `headers` has another `authorization` (null omits it). */
  api: (method: string, path: string, body?: unknown, headers?: Record<string, string | null>) => Promise<JsonResponse>
  stop: () => Promise<void>
}

/** Opens the program on a migrated, empty database. Call `stop` at the end, because a test fails if anything is left running. */
export async function openTestApp(database: Database, settings: TestAppOptions = {}): Promise<TestApp> {
  const clock = settings.clock ?? systemClock
  const config = parseConfig({ BOOKBELL_LOG_LEVEL: 'error', BOOKBELL_DATA: '/nonexistent', ...settings.env })
  const port = settings.listen ? await findFreePort() : 80
  const url = config.url && settings.env?.BOOKBELL_URL ? config.url : `http://127.0.0.1:${port}`
  const secrets = settings.options?.secrets ?? makeSecrets(['a secret of the tests only'])
  const bookbell = await createBookbell({
    config,
    url,
    database,
    clock,
    secrets,
    logger: createLogger(config.logLevel),
    checkAnswers: true,
    ...settings.options,
  })
  const { organization, apiKey } = await createTestOrganization({ database, clock })
  if (settings.listen) await bookbell.app.listen({ host: '127.0.0.1', port })
  if (settings.work) await bookbell.start()
  const api = makeApi(bookbell, apiKey)
  return { bookbell, database, secrets, url, organization, apiKey, api, stop: () => bookbell.stop() }
}

let organizations = 0

/** Creates another organization with an owner and an API key. */
export async function createTestOrganization(deps: { database: Database; clock: Clock }) {
  const number = ++organizations
  const created = accept(
    await createOrganization(deps, {
      organizationName: `Organization ${number}`,
      firstName: 'Olga',
      lastName: 'Owner',
      email: `owner-${process.pid}-${number}@example.com`,
      password: 'correct horse battery',
      timezone: 'Europe/Berlin',
    }),
  )
  return { organization: created.organization.id, memberId: created.member.id, apiKey: created.apiKey }
}

function makeApi({ app }: Bookbell, apiKey: string): TestApp['api'] {
  return async (method, path, body, headers = {}) => {
    const given = { authorization: `Bearer ${apiKey}`, ...headers }
    const response = await app.inject({
      method: method as 'GET',
      url: path,
      headers: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) as Record<
        string,
        string
      >,
      ...(body === undefined ? {} : { payload: body as object }),
    })
    const text = response.body
    const json = /json/.test(String(response.headers['content-type'])) ? JSON.parse(text) : undefined
    return {
      status: response.statusCode,
      headers: new Headers(
        Object.entries(response.headers).flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)])),
      ),
      text,
      body: json,
    }
  }
}
