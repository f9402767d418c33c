import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTestOrganization, openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { signInAs } from '../../test/support/sign-in.ts'
import { manualClock } from '../platform/clock.ts'
import { migrate } from '../platform/migrations.ts'
import { DAY } from '../time/durations.ts'
import { AUDIT_DAYS, deleteOldEntries, recordAudit } from './service.ts'

eachDatabase((open) => {
  const clock = manualClock(Date.parse('2027-03-01T08:00:00Z'))
  let app: TestApp

  before(async () => {
    const database = await open()
    await migrate(database)
    app = await openTestApp(database, { clock })
  })
  after(() => app?.stop())

  const list = async (query = '') => (await app.api('GET', `/api/v1/audit${query}`)).body.data
  const createTag = async (name: string) => (await app.api('POST', '/api/v1/tags', { name })).body

  test('an entry says who did what to which object, when and from where', async () => {
    const tag = await createTag('vip')
    const [entry] = await list('?action=tag.created')
    assert.deepEqual(entry, {
      id: entry.id,
      created_at: tag.created_at,
      action: 'tag.created',
      actor: { kind: 'api_key', id: entry.actor.id, name: entry.actor.name },
      address: '127.0.0.1',
      object: { type: 'tag', id: tag.id, label: 'vip' },
      changes: [],
    })
    assert.match(entry.actor.name, /^First key \(bb_/)
  })

  test('a change lists its fields with the values before and after', async () => {
    const tag = await createTag('before')
    await app.api('PATCH', `/api/v1/tags/${tag.id}`, { name: 'after' })
    const [entry] = await list(`?object=tag:${tag.id}`)
    assert.deepEqual(
      [entry.action, entry.changes],
      ['tag.changed', [{ field: 'name', before: 'before', after: 'after' }]],
    )
  })

  test('a refused change leaves no entry', async () => {
    await createTag('taken')
    const { length } = await list('?action=tag.created')
    assert.equal((await app.api('POST', '/api/v1/tags', { name: 'taken' })).status, 409)
    assert.equal((await list('?action=tag.created')).length, length)
  })

  test('a change that is rolled back leaves neither an entry nor a line in the log', async () => {
    const lines: unknown[] = []
    const log = { info: (line: unknown) => void lines.push(line) } as never
    const actor = { kind: 'visitor', organization: app.organization, address: '192.0.2.1', log } as const
    const object = { type: 'settings', label: 'rolled back' } as const
    const work = (fails: boolean) =>
      app.database.transaction(async (tx) => {
        await recordAudit(tx, actor, { action: 'settings.changed', object, clock })
        if (fails) throw new Error('rolled back')
      })
    await assert.rejects(work(true))
    assert.deepEqual([lines, await list('?object=settings')], [[], []])
    await work(false)
    assert.equal((await list('?object=settings&actor=visitor')).length, 1)
    assert.deepEqual(lines, [
      {
        action: 'settings.changed',
        organization: app.organization,
        actor: { kind: 'visitor', id: null },
        object: { type: 'settings', id: undefined },
        address: '192.0.2.1',
      },
    ])
  })

  test('the list is filtered by actor, action, object and time, and continues at the cursor', async () => {
    clock.advance(DAY)
    const start = clock.timestamp()
    for (const name of ['one', 'two', 'three']) await createTag(name)
    const member = await signInAs(app, 'member')
    await member.ask('POST', '/api/v1/tags', { name: 'four' })
    const labels = async (query: string) =>
      (await list(`?from=${start}&action=tag.created${query}`)).map(
        (entry: { object: { label: string } }) => entry.object.label,
      )
    assert.deepEqual(await labels(''), ['four', 'three', 'two', 'one'])
    assert.deepEqual(await labels(`&actor=member:${member.id}`), ['four'])
    assert.deepEqual(await labels('&actor=api_key&limit=1'), ['three'])
    assert.deepEqual(await labels('&object=webhook'), [])
    assert.deepEqual(await labels(`&to=${start}`), [])
    const first = (await app.api('GET', `/api/v1/audit?from=${start}&action=tag.created&limit=3`)).body
    assert.equal(first.data.length, 3)
    assert.deepEqual(await labels(`&cursor=${first.next_cursor}`), ['one'])
  })

  test('an invalid filter is refused', async () => {
    for (const query of [
      'actor=stranger',
      'actor=member:x',
      'action=tag.eaten',
      'object=meeting:',
      'from=yesterday',
      'who=me',
    ]) {
      const answer = await app.api('GET', `/api/v1/audit?${query}`)
      assert.deepEqual([answer.status, answer.body?.code], [422, 'invalid_input'], query)
    }
  })

  test('only admins can read it, and only that of their own organization', async () => {
    const manager = await signInAs(app, 'manager')
    assert.equal((await manager.ask('GET', '/api/v1/audit')).status, 403)
    assert.equal((await manager.ask('GET', '/api/v1/audit.csv')).status, 403)
    const other = await createTestOrganization({ database: app.database, clock })
    const theirs = await app.api('GET', '/api/v1/audit?object=tag', undefined, {
      authorization: `Bearer ${other.apiKey}`,
    })
    assert.deepEqual(theirs.body.data, [])
  })

  test('the CSV file has every entry, and no cell that a spreadsheet would evaluate', async () => {
    clock.advance(DAY)
    const from = clock.timestamp()
    await app.database.transaction(async (tx) => {
      for (let number = 0; number < 1100; number++) {
        const object = {
          type: 'tag',
          id: number + 1,
          label: number === 0 ? '=HYPERLINK("http://evil.example")' : 'a, "b"',
        } as const
        await recordAudit(
          tx,
          { kind: 'operator', organization: app.organization },
          { action: 'tag.created', object, clock },
        )
      }
    })
    const csv = await app.api('GET', `/api/v1/audit.csv?from=${from}`)
    const lines = csv.text.trim().split('\r\n')
    assert.equal(lines.length, 1101)
    assert.match(lines[0] ?? '', /^id,created_at,action,actor_kind,/)
    assert.match(lines[1] ?? '', /,"a, ""b""",$/)
    assert.ok((lines.at(-1) ?? '').endsWith(`,"'=HYPERLINK(""http://evil.example"")",`))
    assert.match(csv.headers.get('content-type') ?? '', /^text\/csv/)
    assert.match(csv.headers.get('content-disposition') ?? '', /attachment/)
  })

  test('entries are kept for 400 days, then deleted in batches', async () => {
    const { length } = await list()
    assert.ok(length > 0)
    const old = await createTag('old')
    clock.advance(AUDIT_DAYS * DAY + 1)
    const young = await createTag('young')
    let deleted = 0
    for (let step = 1; step > 0; deleted += step)
      step = await deleteOldEntries({ database: app.database, clock }, { limit: 500 })
    assert.ok(deleted > 1100)
    assert.deepEqual(await list(`?object=tag:${old.id}`), [])
    assert.equal((await list(`?object=tag:${young.id}`)).length, 1)
  })
})
