import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createTestOrganization, openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { systemClock } from '../platform/clock.ts'
import { migrate } from '../platform/migrations.ts'

eachDatabase((open) => {
  let app: TestApp
  let host: { id: number; email: string }

  before(async () => {
    const database = await open()
    await migrate(database)
    app = await openTestApp(database)
    host = (await app.api('GET', '/api/v1/members')).body.data[0]
  })
  after(() => app?.stop())

  let number = 0
  async function createType(changes: object = {}): Promise<{ id: number; slug: string }> {
    const body = { name: 'Intro', slug: `type-${++number}`, duration_minutes: 30, hosts: [host.id] }
    const place = { location_type: 'place', location: '123 Address Street' }
    const answer = await app.api('POST', '/api/v1/meeting-types', { ...body, ...place, ...changes })
    assert.equal(answer.status, 201, answer.text)
    return answer.body
  }

  async function createPage(changes: object = {}) {
    const answer = await app.api('POST', '/api/v1/pages', { name: 'Team', slug: `page-${++number}`, ...changes })
    assert.equal(answer.status, 201, answer.text)
    return answer.body
  }

  const readPublic = (path: string) =>
    app.api('GET', `/api/v1/public/pages/${path}`, undefined, { authorization: null })

  describe('pages', () => {
    test('are created, read, listed, changed and deleted', async () => {
      const types = [await createType(), await createType()].map((type) => type.id)
      const created = await createPage({ description: 'Who we are', meeting_types: types.toReversed() })
      const url = `/api/v1/pages/${created.id}`
      assert.deepEqual(created.meeting_types, types.toReversed())
      assert.deepEqual((await app.api('GET', url)).body, created)
      const changed = await app.api('PATCH', url, { meeting_types: types, description: null })
      assert.deepEqual(changed.body, { ...created, meeting_types: types, description: null })
      assert.deepEqual((await app.api('GET', url)).body, changed.body)
      assert.ok(
        (await app.api('GET', '/api/v1/pages')).body.data.some((page: { id: number }) => page.id === created.id),
      )
      assert.equal((await app.api('DELETE', url)).status, 204)
      assert.equal((await app.api('GET', url)).status, 404)
      assert.equal((await app.api('DELETE', url)).status, 404)
      assert.equal((await readPublic(created.slug)).status, 404)
      assert.equal((await createPage({ slug: created.slug })).slug, created.slug)
    })

    test('add and remove a meeting type, and leave the others unchanged', async () => {
      const [first, second, third] = await Promise.all([createType(), createType(), createType()])
      const page = await createPage({ meeting_types: [first.id] })
      const of = (type: number) => `/api/v1/pages/${page.id}/meeting-types/${type}`
      const added = await Promise.all([second, third].map(({ id }) => app.api('PUT', of(id))))
      assert.deepEqual(
        added.map(({ status }) => status),
        [200, 200],
      )
      const types = async () => (await app.api('GET', `/api/v1/pages/${page.id}`)).body.meeting_types
      assert.deepEqual((await types()).toSorted(), [first.id, second.id, third.id].toSorted(), 'neither change is lost')
      const order = await types()
      assert.deepEqual((await app.api('PUT', of(first.id))).body.meeting_types, order, 'it keeps its place')
      assert.deepEqual((await app.api('DELETE', of(first.id))).body.meeting_types, order.slice(1))
      assert.equal((await app.api('DELETE', of(first.id))).status, 200, 'it is not there already')
      assert.equal((await app.api('PUT', of(999_999))).status, 404)
      assert.equal((await app.api('PUT', `/api/v1/pages/999999/meeting-types/${first.id}`)).status, 404)
      const foreign = await createTestOrganization({ database: app.database, clock: systemClock })
      const asForeigner = { authorization: `Bearer ${foreign.apiKey}` }
      assert.equal((await app.api('PUT', of(first.id), undefined, asForeigner)).status, 404)
    })

    test('refuse a slug that another page on the server has', async () => {
      const foreign = await createTestOrganization({ database: app.database, clock: systemClock })
      const asForeigner = { authorization: `Bearer ${foreign.apiKey}` }
      const { id, slug } = await createPage()
      for (const headers of [{}, asForeigner]) {
        const answer = await app.api('POST', '/api/v1/pages', { name: 'Other', slug }, headers)
        assert.deepEqual([answer.status, answer.body.code, answer.body.errors[0].path], [409, 'slug_taken', 'slug'])
      }
      const other = await createPage()
      assert.equal((await app.api('PATCH', `/api/v1/pages/${other.id}`, { slug })).body.code, 'slug_taken')
      assert.equal((await app.api('PATCH', `/api/v1/pages/${id}`, { slug, name: 'Same slug' })).status, 200)
    })

    test('give the slug to only one of many organizations that request it concurrently', async () => {
      const deps = { database: app.database, clock: systemClock }
      const one = await createTestOrganization(deps)
      const other = await createTestOrganization(deps)
      const body = { name: 'Wanted', slug: 'wanted' }
      const answers = await Promise.all(
        [one, other, one, other, one, other].map(({ apiKey }) =>
          app.api('POST', '/api/v1/pages', body, { authorization: `Bearer ${apiKey}` }),
        ),
      )
      assert.deepEqual(answers.map((answer) => answer.status).sort(), [201, 409, 409, 409, 409, 409])
    })

    test('move to a new slug immediately, and free the old one', async () => {
      const { id, slug } = await createPage()
      assert.equal((await app.api('PATCH', `/api/v1/pages/${id}`, { slug: `${slug}-moved` })).status, 200)
      assert.equal((await readPublic(slug)).status, 404)
      assert.equal((await readPublic(`${slug}-moved`)).status, 200)
      await createPage({ slug })
    })

    test('refuse reserved slugs', async () => {
      const routes = app.bookbell.app.printRoutes({ commonPrefix: false })
      const served = [...routes.matchAll(/^│ {3}[├└]── ([a-z][\w.-]*)/gm)].map((found) => String(found[1]))
      const contract = ['admin', 'api', 'm', 'setup', 'inspect', 'embed.js', 'healthz', 'readyz', 'metrics']
      for (const slug of contract) assert.ok(served.includes(slug), `${slug} in ${served}`)
      for (const slug of new Set([...served, 'assets'])) {
        const answer = await app.api('POST', '/api/v1/pages', { name: 'Mine', slug })
        const found = [answer.status, answer.body.code, answer.body.errors?.[0].path]
        assert.deepEqual(found, [422, 'invalid_input', 'slug'], slug)
      }
    })

    test('refuse meeting types that do not exist, belong to another organization, or are listed twice', async () => {
      const foreign = await createTestOrganization({ database: app.database, clock: systemClock })
      const { id } = await createType()
      const post = async (meeting_types: unknown[], headers = {}) => {
        const body = { name: 'P', slug: `page-${++number}`, meeting_types }
        const answer = await app.api('POST', '/api/v1/pages', body, headers)
        return [answer.status, ...(answer.body.errors ?? []).map((error: { path: string }) => error.path)]
      }
      assert.deepEqual(await post([id, 999_999]), [422, 'meeting_types.1'])
      assert.deepEqual(await post([id, id]), [422, 'meeting_types.1'])
      assert.deepEqual(await post([id], { authorization: `Bearer ${foreign.apiKey}` }), [422, 'meeting_types.0'])
    })

    test('show visitors their public meeting types in order, with the organization’s branding', async () => {
      await app.api('PATCH', '/api/v1/organization', { name: 'Example Ltd', brand_color: '#336699' })
      const first = await createType()
      const types = [await createType({ visibility: 'hidden' }), await createType({ visibility: 'disabled' }), first]
      const second = await createType({ name: 'Second' })
      const { slug } = await createPage({ name: 'Us', meeting_types: [second, ...types].map((type) => type.id) })
      const { status, body } = await readPublic(slug)
      assert.equal(status, 200)
      assert.equal(body.name, 'Us')
      assert.deepEqual(body.organization, { name: 'Example Ltd', brand_color: '#336699', logo_url: null })
      assert.deepEqual(
        body.meeting_types.map((type: { slug: string }) => type.slug),
        [second.slug, first.slug],
      )
    })

    test('show a hidden type at its URL, but not a disabled one', async () => {
      const hidden = await createType({ visibility: 'hidden' })
      const disabled = await createType({ visibility: 'disabled' })
      const elsewhere = await createType()
      const { slug } = await createPage({ meeting_types: [hidden.id, disabled.id] })
      assert.equal((await readPublic(`${slug}/meeting-types/${hidden.slug}`)).status, 200)
      for (const type of [disabled.slug, elsewhere.slug, 'nothing'])
        assert.equal((await readPublic(`${slug}/meeting-types/${type}`)).status, 404)
      assert.equal((await readPublic(`nowhere/meeting-types/${hidden.slug}`)).status, 404)
    })

    test("return what the booking form needs, and no member's email address", async () => {
      const fields = [{ name: 'Topic', help_text: 'What about?', required: true }]
      const type = await createType({
        description: 'A talk',
        fields,
        approval: 'manual',
        redirect_url: 'https://example.com/',
      })
      const { slug, name } = await createPage({ meeting_types: [type.id] })
      const answer = await readPublic(`${slug}/meeting-types/${type.slug}`)
      const { organization, cancellation, rescheduling, ...form } = answer.body
      assert.deepEqual(form, {
        name: 'Intro',
        slug: type.slug,
        description: 'A talk',
        kind: 'one_on_one',
        duration_minutes: 30,
        location_type: 'place',
        location: '123 Address Street',
        locked_timezone: null,
        assignment: 'fixed',
        hosts: [{ id: host.id, first_name: 'Olga', last_name: 'Owner', photo_url: null }],
        seats: 1,
        approval: 'manual',
        booking_from: null,
        booking_until: null,
        fields: [
          { name: 'Topic', field_type: 'text', help_text: 'What about?', required: true, choices: null, visible: true },
        ],
        redirect_url: 'https://example.com/',
        page: { name, slug },
      })
      assert.ok(!answer.text.includes(host.email))
      assert.ok(organization.name && cancellation.allowed && rescheduling.allowed)
    })
  })

  describe('the organization', () => {
    test('changes only the given fields', async () => {
      const before = (await app.api('GET', '/api/v1/organization')).body
      const logo_url = 'https://example.com/logo.svg'
      const changed = await app.api('PATCH', '/api/v1/organization', { logo_url })
      assert.deepEqual(changed.body, { ...before, logo_url })
      assert.deepEqual((await app.api('GET', '/api/v1/organization')).body, changed.body)
    })

    test('refuses values that are not really colours or logo URLs', async () => {
      for (const patch of [{ brand_color: 'red;}' }, { logo_url: 'javascript:alert(1)' }, { name: '' }, { id: 3 }])
        assert.equal((await app.api('PATCH', '/api/v1/organization', patch)).status, 422)
    })
  })
})
