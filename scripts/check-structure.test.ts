import assert from 'node:assert/strict'
import { dirname, posix } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { checkStructure, checkWording, filesThatReach, readSources, readTexts } from './check-structure.ts'
import { findRoomRings } from './room-rings.ts'
import { checkTableOwners } from './table-owners.ts'

/** Checks a project with these files and returns its problems as lines. */
function problemsOf(files: Record<string, string>): string[] {
  return checkStructure(new Map(Object.entries(files))).map(({ file, message }) => `${file}: ${message}`)
}

/** Files with the paths that they import, as written. */
function sourcesOf(files: Record<string, string>) {
  return Object.entries(files).map(([path, text]) => {
    const target = /'(.+)'/.exec(text)?.[1]
    return { path, imports: target ? [posix.join(posix.dirname(path), target)] : [] }
  })
}

const none: string[] = []

describe('file names', () => {
  test('accepts the five roles, pure rules in kebab-case, and tests', () => {
    const names = ['schema', 'store', 'service', 'routes', 'meeting', 'life-cycle', 'life-cycle.test']
    const files = Object.fromEntries(names.map((name) => [`src/meetings/${name}.ts`, '']))
    assert.deepEqual(problemsOf(files), none)
  })

  test('refuses vague names', () => {
    for (const name of ['utils', 'helpers', 'common', 'index']) {
      assert.match(problemsOf({ [`src/meetings/${name}.ts`]: '' })[0] ?? '', /is too vague/)
    }
    assert.match(problemsOf({ 'src/utils/time.ts': '' })[0] ?? '', /is too vague/)
  })

  test('lets a package have its index.ts', () => {
    assert.deepEqual(problemsOf({ 'packages/webhooks/index.ts': '' }), none)
  })

  test('refuses names that are not in kebab-case', () => {
    assert.match(problemsOf({ 'src/meetings/lifeCycle.ts': '' })[0] ?? '', /not kebab-case/)
    assert.match(problemsOf({ 'web/booking/SlotList.tsx': '' })[0] ?? '', /not kebab-case/)
  })

  test('refuses folders inside a feature folder, and lets the platform have them', () => {
    assert.match(problemsOf({ 'src/meetings/rules/hold.ts': '' })[0] ?? '', /is flat/)
    assert.deepEqual(problemsOf({ 'src/platform/migrations/0001_meetings.sql': '' }), none)
    assert.deepEqual(problemsOf({ 'src/platform/http/server.ts': '' }), none)
  })
})

describe('migration numbers', () => {
  const migrationsOf = (...names: string[]) =>
    problemsOf(Object.fromEntries(names.map((name) => [`src/platform/migrations/${name}.sql`, ''])))

  test('accepts numbers without gaps, starting at 0001', () => {
    assert.deepEqual(migrationsOf('0001_meetings', '0002_tags'), none)
  })

  test('refuses two migrations with one number', () => {
    assert.match(migrationsOf('0001_meetings', '0002_pages', '0002_tags').join(), /0002_tags.*is migration 0003 of 3/)
  })

  test('refuses gaps', () => {
    assert.match(migrationsOf('0001_meetings', '0003_tags').join(), /0003_tags.*is migration 0002 of 2/)
    assert.match(migrationsOf('0002_tags').join(), /0002_tags.*is migration 0001 of 1/)
  })
})

test('refuses an exported Zod schema whose name does not end with Schema', () => {
  const named =
    'export const tagSchema = z.strictObject({})\nconst name = z.string()\nexport const label: z.ZodType = z.string()'
  assert.match(problemsOf({ 'src/tags/schema.ts': named }).join(), /^[^"]+"label": [^"]+$/)
})

describe('the direction of imports', () => {
  const project = {
    'src/errors.ts': '',
    'src/time/zones.ts': '',
    'src/platform/clock.ts': '',
    'src/pages/schema.ts': '',
    'src/pages/store.ts': '',
    'src/pages/service.ts': "import { a } from './store.ts'",
    'src/pages/routes.ts': "import { a } from './service.ts'",
    'src/meetings/store.ts': '',
    'src/meetings/meeting.ts': '',
  }

  /** The problems that one additional file causes. */
  const adding = (path: string, text: string) => problemsOf({ ...project, [path]: text })

  test('runs from routes through services to stores and pure rules', () => {
    const text = [
      "import type { Meeting } from './meeting.ts'",
      "import { save } from './store.ts'",
      "import { findPage } from '../pages/service.ts'",
      "import { pageBody } from '../pages/schema.ts'",
      "import { zone } from '../time/zones.ts'",
      "import { now } from '../platform/clock.ts'",
      "import { refuse } from '../errors.ts'",
    ]
    assert.deepEqual(adding('src/meetings/service.ts', text.join('\n')), none)
  })

  test('refuses the opposite direction', () => {
    assert.match(adding('src/meetings/service.ts', "import '../pages/routes.ts'")[0] ?? '', /must not import routes.ts/)
    assert.match(
      adding('src/time/dates.ts', "import '../meetings/meeting.ts'")[0] ?? '',
      /must not import a file of pure/,
    )
    assert.match(adding('src/platform/jobs.ts', "import '../pages/service.ts'")[0] ?? '', /must not import service.ts/)
    assert.match(adding('src/meetings/schema.ts', "import './store.ts'")[0] ?? '', /must not import store.ts/)
  })

  test('refuses a route that bypasses the service', () => {
    assert.match(
      adding('src/meetings/routes.ts', "import { a } from './store.ts'")[0] ?? '',
      /must not import store.ts/,
    )
  })

  test('refuses another feature’s store, however the import is written', () => {
    const forms = [
      "import { a } from '../pages/store.ts'",
      "import {\n  a,\n  b,\n} from '../pages/store.ts'",
      "export { a } from '../pages/store.ts'",
      "import type { Row } from '../pages/store.ts'",
      "const a = await import('../pages/store.ts')",
    ]
    for (const form of forms) assert.match(adding('src/meetings/service.ts', form)[0] ?? '', /features may use only/)
  })

  test('other features must not import a file that uses a store', () => {
    const files = {
      ...project,
      'src/webhooks/store.ts': '',
      'src/webhooks/dispatcher.ts': "import './store.ts'",
      'src/webhooks/service.ts': "import './dispatcher.ts'",
      'src/main.ts': "import './webhooks/dispatcher.ts'",
    }
    assert.deepEqual(problemsOf(files), none)
    const intruder = { ...files, 'src/meetings/service.ts': "import '../webhooks/dispatcher.ts'" }
    assert.match(problemsOf(intruder)[0] ?? '', /features may use only/)
  })

  test('refuses missing files and files outside of src/', () => {
    assert.match(adding('src/meetings/service.ts', "import './nothing.ts'")[0] ?? '', /does not exist/)
    const files = {
      ...project,
      'test/support/wait.ts': '',
      'src/meetings/service.ts': "import '../../test/support/wait.ts'",
    }
    assert.match(problemsOf(files)[0] ?? '', /must not import files outside/)
  })

  test('lets tests import what they need', () => {
    assert.deepEqual(adding('src/meetings/service.test.ts', "import '../pages/store.ts'"), none)
  })

  test('lets the pages import only schemas from the server', () => {
    assert.deepEqual(adding('web/api/client.ts', "import type { Page } from '../../src/pages/schema.ts'"), none)
    assert.match(adding('web/api/client.ts', "import '../../src/pages/service.ts'")[0] ?? '', /only schema.ts files/)
  })

  test('lets a package import only its own files', () => {
    const files = { 'packages/webhooks/verify.ts': "import '../../src/errors.ts'", 'src/errors.ts': '' }
    assert.match(problemsOf(files)[0] ?? '', /must be self-contained/)
  })

  test('ignores imports in comments', () => {
    assert.deepEqual(
      adding('src/meetings/service.ts', "// import '../pages/store.ts'\n/* import '../pages/routes.ts' */"),
      none,
    )
  })
})

test('refuses a cycle of files, including type imports', () => {
  const files = {
    'src/meetings/hold.ts': "import type { Meeting } from './meeting.ts'",
    'src/meetings/meeting.ts': "import { hold } from './hold.ts'",
  }
  assert.match(problemsOf(files).join('\n'), /in a cycle: src\/meetings\/hold.ts -> src\/meetings\/meeting.ts -> /)
})

describe('rings of folders', () => {
  test('refuses a ring that no single file closes, and names its imports', () => {
    const files = {
      'src/activities/service.ts': "import '../webhooks/service.ts'",
      'src/webhooks/service.ts': '',
      'src/webhooks/routes.ts': "import type { Activity } from '../activities/schema.ts'",
      'src/activities/schema.ts': '',
    }
    const [problem = ''] = findRoomRings(sourcesOf(files)).map(({ edges }) => edges.join(', '))
    assert.equal(
      problem,
      'src/activities/service.ts -> src/webhooks/service.ts, src/webhooks/routes.ts -> src/activities/schema.ts',
    )
  })

  test('finds a ring of three folders in the admin, and a ring with a file next to them', () => {
    const three = {
      'web/admin/pages/page.tsx': "import '../tags/tag.tsx'",
      'web/admin/tags/tag.tsx': "import '../members/member.tsx'",
      'web/admin/members/member.tsx': "import '../pages/page.tsx'",
    }
    assert.match(
      problemsOf(three).join('\n'),
      /ring of folders, web\/admin\/members -> web\/admin\/pages -> web\/admin\/tags ->/,
    )
    const withFile = {
      'web/admin/router.ts': "import './tags/tag.ts'",
      'web/admin/tags/tag.ts': '',
      'web/admin/tags/tags-page.ts': "import '../router.ts'",
    }
    assert.match(problemsOf(withFile).join('\n'), /ring of folders, web\/admin\/router.ts -> web\/admin\/tags ->/)
  })

  test('lets tests import what they need', () => {
    const files = { 'src/a/b.test.ts': "import '../c/d.ts'", 'src/a/e.ts': '', 'src/c/d.ts': "import '../a/e.ts'" }
    assert.deepEqual(problemsOf(files), none)
  })
})

describe('the owners of tables', () => {
  const owners = { meetings: { owner: 'meetings', readers: ['slots'] }, user: { owner: 'accounts' } }
  const check = (path: string, code: string) => checkTableOwners([{ path, code }], owners).map(({ message }) => message)

  test('lets the owner’s store write, and the declared readers’ stores read', () => {
    assert.deepEqual(check('src/meetings/store.ts', 'sql`update meetings set confirmed = true`'), none)
    assert.deepEqual(check('src/slots/store.ts', 'sql`select id from meetings for update skip locked`'), none)
  })

  test('refuses every form of writing by other features', () => {
    const forms = [
      'insert into meetings (id) values (1)',
      'UPDATE meetings set id = 1',
      'with gone as (\n  delete\n  from meetings) select 1',
      'insert into "user" (id)',
      "db.insertInto('meetings')",
      "tx.updateTable('meetings as m')",
      "tx.deleteFrom('user')",
    ]
    for (const form of forms) assert.match(check('src/slots/store.ts', form)[0] ?? '', /^writes the table/, form)
  })

  test('refuses undeclared reads', () => {
    const forms = [
      'select 1 from meetings',
      'join meetings m on true',
      "db.selectFrom('meetings as m')",
      ".innerJoin('user', ",
    ]
    for (const form of forms) assert.match(check('src/tags/person-store.ts', form)[0] ?? '', /^reads the table/, form)
  })
})

test('refuses process.env outside of config.ts', () => {
  assert.deepEqual(problemsOf({ 'src/config.ts': 'process.env.PORT' }), none)
  assert.match(problemsOf({ 'src/cli/serve.ts': 'process.env.PORT' })[0] ?? '', /only src\/config.ts may/)
})

test('refuses SQL outside of stores and the platform', () => {
  const statements = [
    'sql`select 1`',
    'sql<Row>`select 1`',
    "db.selectFrom('meetings')",
    "import { sql } from 'kysely'",
  ]
  for (const statement of statements) {
    assert.deepEqual(problemsOf({ 'src/meetings/store.ts': statement }), none)
    assert.deepEqual(problemsOf({ 'src/meetings/attendee-store.ts': statement }), none)
    assert.match(problemsOf({ 'src/meetings/service.ts': statement })[0] ?? '', /contains SQL/)
  }
})

test('refuses "event" and "booking" as nouns', () => {
  const refused = ['export type Booking = string', 'export function sendEvent() {}', 'export const bookings = []']
  for (const text of refused)
    assert.match(problemsOf({ 'src/meetings/meeting.ts': text })[0] ?? '', /activity or delivery instead/)
  assert.match(problemsOf({ 'src/platform/migrations/0001.sql': 'create table bookings (' })[0] ?? '', /"bookings"/)
  const admitted = 'export type BookingWindow = string\nexport const eventStreamType = 1\nwindow.addEventListener(1)'
  assert.deepEqual(problemsOf({ 'src/meetings/meeting.ts': admitted }), none)
})

test('refuses skipped tests', () => {
  // Samples that the check must refuse. No test in this project is skipped.
  for (const text of ['test.only(', 'describe.skip(', "test('x', { todo: true }"]) {
    assert.match(problemsOf({ 'src/meetings/meeting.test.ts': text })[0] ?? '', /leaves tests out/)
  }
})

test('finds the files that import another, directly or indirectly', () => {
  const files = {
    'src/a.test.ts': "import './b.ts'",
    'src/b.ts': "import './c.ts'",
    'src/c.ts': '',
    'src/d.test.ts': '',
  }
  assert.deepEqual(
    filesThatReach(new Map(Object.entries(files)), 'src/c.ts'),
    new Set(['src/c.ts', 'src/b.ts', 'src/a.test.ts']),
  )
})

test('this project follows all rules', () => {
  const folder = dirname(dirname(fileURLToPath(import.meta.url)))
  assert.deepEqual(checkStructure(readSources(folder)), [])
  assert.deepEqual(checkWording(readTexts(folder)), [])
})
