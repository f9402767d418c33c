import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { attendee, create, createBookable, historyOf } from '../../test/support/bookable.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { signInAs } from '../../test/support/sign-in.ts'
import { callsOf, declareApp, SUITE_NOW } from '../../test/support/suite-app.ts'

const START = '2027-03-01T08:00:00Z'

eachDatabase((open) => {
  const { app, clock } = declareApp(open)
  const { post, meetingOf } = callsOf(app)

  describe('tags', () => {
    const tagUrl = (meeting: number, name: string) => `/api/v1/meetings/${meeting}/tags/${encodeURIComponent(name)}`

    test('are created on first use, and emitted once', async () => {
      const { book } = await createBookable(app)
      const { meeting } = await book(START)
      for (const name of ['vip', 'vip', 'späť 50% / 漢字']) {
        const tagged = await app.api('PUT', tagUrl(meeting.id, name))
        assert.equal(tagged.status, 200, tagged.text)
      }
      assert.deepEqual((await meetingOf(meeting.id)).tags, ['späť 50% / 漢字', 'vip'].sort())
      await app.api('DELETE', tagUrl(meeting.id, 'vip'))
      await app.api('DELETE', tagUrl(meeting.id, 'vip'))
      await app.api('DELETE', tagUrl(meeting.id, 'never used'))
      assert.deepEqual((await historyOf(app, meeting.id)).slice(2), [
        'Meeting.tagged',
        'Meeting.tagged',
        'Meeting.untagged',
      ])
      assert.deepEqual((await meetingOf(meeting.id)).tags, ['späť 50% / 漢字'])
    })

    test('can be changed in every state of the meeting', async () => {
      const { book } = await createBookable(app)
      const { meeting } = await book(START)
      await post(`/api/v1/meetings/${meeting.id}/cancel`)
      assert.deepEqual((await app.api('PUT', tagUrl(meeting.id, 'no-show'))).body.tags, ['no-show'])
    })

    test('that a meeting uses can be neither renamed nor deleted', async () => {
      const { book } = await createBookable(app)
      const { meeting } = await book(START)
      const tag = await create(app, '/api/v1/tags', { name: `fixed-${meeting.id}` })
      await app.api('PUT', tagUrl(meeting.id, tag.name))
      const tagPath = `/api/v1/tags/${tag.id}`
      for (const [method, body] of [
        ['PATCH', { name: 'other' }],
        ['DELETE', undefined],
      ] as const) {
        const refused = await app.api(method, tagPath, body)
        assert.deepEqual([refused.status, refused.body.code], [409, 'tag_in_use'])
      }
      await app.api('DELETE', tagUrl(meeting.id, tag.name))
      const renamed = await app.api('PATCH', tagPath, { name: `free-${meeting.id}` })
      assert.deepEqual(renamed.body, { ...tag, name: `free-${meeting.id}` })
      assert.deepEqual((await app.api('GET', tagPath)).body, renamed.body)
      assert.equal((await app.api('DELETE', tagPath)).status, 204)
      assert.equal((await app.api('GET', tagPath)).status, 404)
    })

    test('have unique names', async () => {
      const name = `one-${process.hrtime.bigint()}`
      const [one, two] = [
        await create(app, '/api/v1/tags', { name }),
        await create(app, '/api/v1/tags', { name: `${name}-2` }),
      ]
      assert.equal((await post('/api/v1/tags', { name })).status, 409)
      assert.equal((await app.api('PATCH', `/api/v1/tags/${two.id}`, { name })).status, 409)
      assert.equal((await app.api('PATCH', `/api/v1/tags/${one.id}`, { name })).status, 200)
      for (const bad of ['', ' ', 'a\nb', 'x'.repeat(101)])
        assert.equal((await post('/api/v1/tags', { name: bad })).status, 422)
    })
  })

  describe('lists', () => {
    test('are listed in the order of their starts, page by page', async () => {
      const { book, type } = await createBookable(app)
      for (const hour of ['12', '08', '10']) await book(`2027-03-01T${hour}:00:00Z`)
      const starts: string[] = []
      let cursor = ''
      do {
        const { body } = await app.api('GET', `/api/v1/meetings?meeting_type=${type.id}&limit=2${cursor}`)
        starts.push(...body.data.map(({ start }: { start: string }) => start))
        cursor = body.next_cursor && `&cursor=${body.next_cursor}`
      } while (cursor)
      assert.deepEqual(
        starts,
        ['08', '10', '12'].map((hour) => `2027-03-01T${hour}:00:00Z`),
      )
    })

    test('can be filtered by every parameter', async () => {
      const { book, type, hosts } = await createBookable(app, { approval: 'manual' })
      const ids: Record<string, number> = {}
      for (const [index, status] of ['requested', 'confirmed', 'declined', 'cancelled'].entries()) {
        const view = await book(`2027-03-01T1${index}:00:00Z`, {
          attendee: attendee(`${status}-${type.id}@example.com`),
        })
        ids[status] = view.meeting.id
      }
      await post(`/api/v1/meetings/${ids.confirmed}/approve`)
      await post(`/api/v1/meetings/${ids.declined}/decline`)
      await post(`/api/v1/meetings/${ids.cancelled}/cancel`)
      await app.api('PUT', `/api/v1/meetings/${ids.declined}/tags/marked-${type.id}`)
      const found = async (query: string) => {
        const { body } = await app.api('GET', `/api/v1/meetings?${query}`)
        return body.data.map(({ id }: { id: number }) => id)
      }
      for (const [status, id] of Object.entries(ids))
        assert.deepEqual(await found(`meeting_type=${type.id}&status=${status}`), [id], status)
      assert.deepEqual(await found(`attendee_email=CONFIRMED-${type.id}@example.com`), [ids.confirmed])
      assert.deepEqual(await found(`tag=marked-${type.id}`), [ids.declined])
      assert.deepEqual(await found(`host=${hosts[0]}`), Object.values(ids))
      assert.deepEqual(await found(`host=${hosts[0]}&from=2027-03-01T11:00:00Z&to=2027-03-01T13:00:00Z`), [
        ids.confirmed,
        ids.declined,
      ])
      assert.deepEqual(await found(`host=${hosts[0]}&from=2027-03-02`), [])
    })

    test('a date begins at midnight in the query’s time zone', async () => {
      const { book, hosts } = await createBookable(app)
      const { meeting } = await book('2027-03-01T22:00:00Z')
      const on = async (date: string, next: string, zone: string) => {
        const query = `host=${hosts[0]}&from=${date}&to=${next}${zone && `&timezone=${zone}`}`
        const { body } = await app.api('GET', `/api/v1/meetings?${query}`)
        const counts = (await app.api('GET', `/api/v1/meetings/counts?${query}`)).body
        assert.equal(counts.upcoming, body.data.length)
        return body.data.map(({ id }: { id: number }) => id)
      }
      assert.deepEqual(await on('2027-03-01', '2027-03-02', ''), [meeting.id])
      assert.deepEqual(await on('2027-03-01', '2027-03-02', 'Asia/Tokyo'), [])
      assert.deepEqual(await on('2027-03-02', '2027-03-03', 'Asia/Tokyo'), [meeting.id])
      const wrong = await app.api('GET', '/api/v1/meetings?from=2027-03-01&timezone=Tokyo')
      assert.deepEqual([wrong.status, wrong.body.errors[0].path], [422, 'timezone'])
    })

    test('are counted by view, with the same filters', async () => {
      const { book, hosts, type } = await createBookable(app, { approval: 'manual', minimum_notice_minutes: 0 })
      const countsOf = async (rest = '') =>
        (await app.api('GET', `/api/v1/meetings/counts?meeting_type=${type.id}${rest}`)).body
      const ids: number[] = []
      for (const hour of ['09', '10', '11', '12', '13', '14'])
        ids.push((await book(`2027-02-20T${hour}:00:00Z`)).meeting.id)
      for (const id of ids.slice(0, 2)) await post(`/api/v1/meetings/${id}/approve`)
      await post(`/api/v1/meetings/${ids[2]}/decline`)
      await post(`/api/v1/meetings/${ids[3]}/cancel`)
      assert.deepEqual(await countsOf(), { upcoming: 2, pending: 2, past: 0, cancelled: 1, declined: 1 })
      const early = '&from=2027-02-20T09:30:00Z&to=2027-02-20T13:30:00Z'
      assert.deepEqual(await countsOf(early), { upcoming: 1, pending: 1, past: 0, cancelled: 1, declined: 1 })
      assert.deepEqual(Object.values(await countsOf(`&host=${hosts[0]! + 1}`)), [0, 0, 0, 0, 0])
      assert.deepEqual(Object.values(await countsOf('&search=unknown-name')), [0, 0, 0, 0, 0])
      clock.set(Date.parse('2027-02-20T09:00:01Z'))
      try {
        assert.deepEqual(await countsOf(), { upcoming: 1, pending: 2, past: 1, cancelled: 1, declined: 1 })
      } finally {
        clock.set(Date.parse(SUITE_NOW))
      }
    })

    test('a member’s counts cover the meetings that they host', async () => {
      const { book, type } = await createBookable(app)
      await book(START)
      const other = await signInAs(app, 'member')
      const { body } = await app.api('GET', `/api/v1/meetings/counts?meeting_type=${type.id}`, undefined, other.headers)
      assert.deepEqual(Object.values(body), [0, 0, 0, 0, 0])
    })

    test('members, meeting types and tags can be searched by part of the name', async () => {
      const { type, hosts } = await createBookable(app, { name: 'Straße 100%' }, 2)
      await create(app, '/api/v1/tags', { name: `Vip_${type.id}` })
      const idsOf = async (path: string) =>
        (await app.api('GET', `/api/v1/${path}`)).body.data.map(({ id }: { id: number }) => id)
      assert.deepEqual(await idsOf('meeting-types?search=STRASSE'), [])
      assert.deepEqual(await idsOf(`meeting-types?search=${encodeURIComponent('straße 100%')}`), [type.id])
      assert.deepEqual(await idsOf(`meeting-types?host=${hosts[1]}`), [type.id])
      assert.deepEqual(await idsOf(`meeting-types?host=${hosts[1]}&search=zzz`), [])
      const [member] = (await app.api('GET', `/api/v1/members/${hosts[0]}`)).body.email.split('@')
      assert.deepEqual(await idsOf(`members?search=${member.toUpperCase()}`), [hosts[0]])
      assert.deepEqual(await idsOf(`members?meeting_type=${type.id}`), hosts)
      assert.deepEqual(await idsOf(`members?meeting_type=${type.id}&search=hanna%20host`), hosts)
      assert.equal((await idsOf(`tags?search=vip_${type.id}`)).length, 1)
      assert.equal((await idsOf(`tags?search=vipX${type.id}`)).length, 0)
    })

    test('reject invalid filters, and a cursor from another list', async () => {
      for (const query of [
        'status=over',
        'from=soon',
        'to=0000-01-01',
        'host=x',
        'limit=0',
        'surprise=1',
        'cursor=abc',
      ])
        assert.equal((await app.api('GET', `/api/v1/meetings?${query}`)).status, 422, query)
    })
  })

  test('every route except the public ones requires a key', async () => {
    for (const [method, path] of [
      ['GET', '/api/v1/meetings'],
      ['GET', '/api/v1/meetings/1'],
      ['POST', '/api/v1/meetings/1/cancel'],
      ['POST', '/api/v1/attendees/1/cancel'],
      ['PUT', '/api/v1/meetings/1/tags/a'],
      ['GET', '/api/v1/tags'],
    ] as const)
      assert.equal((await app.api(method, path, undefined, { authorization: null })).status, 401, path)
  })
})
