import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { eachDatabase } from '../../test/support/databases.ts'
import type { OrganizationId } from './organization-id.ts'
import type { NewRow, Row, RowChange } from './tables.ts'

const at = '2027-05-03T10:00:00.000000Z'

eachDatabase((open) => {
  test('reads each kind of column with its declared type', async () => {
    const { organization, executor } = await openWithOrganization()
    const row: NewRow<'inspectors'> = {
      organization_id: organization,
      name: 'Watch',
      answer_status: 200,
      inbound_token: 'a',
      page_token: 'b',
      created_at: at,
    }
    const inspector = await executor.insertInto('inspectors').values(row).returning(['id']).executeTakeFirstOrThrow()
    const request: NewRow<'inspector_requests'> = {
      organization_id: organization,
      inspector_id: inspector.id,
      received_at: at,
      method: 'POST',
      headers: JSON.stringify([['a', 'b']]),
      body: '{}',
      body_bytes: 2,
      signature: 'valid',
      action: null,
      answered: 200,
    }
    const stored: Row<'inspector_requests'> = await executor
      .insertInto('inspector_requests')
      .values(request)
      .returningAll()
      .executeTakeFirstOrThrow()
    assert.deepEqual(stored, { ...request, id: stored.id, headers: [['a', 'b']] })
    assert.equal(typeof stored.id, 'number')
  })

  test('writes bytes, lists and JSON, and reads them through a template', async () => {
    const { organization, executor } = await openWithOrganization()
    await executor
      .insertInto('webhooks')
      .values({
        organization_id: organization,
        url: 'https://example.com/',
        actions: ['meeting_booked'],
        ordering: 'none',
        concurrency: 1,
        signing: 'v1',
        secret: Buffer.from('secret'),
        state: 'enabled',
        state_changed_at: at,
        sending_changed_at: at,
        created_at: at,
      })
      .execute()
    const { rows } = await sql<Pick<Row<'webhooks'>, 'actions' | 'secret' | 'revision'> & { none: null }>`
      select actions, secret, revision, null as none from webhooks`.execute(executor)
    const [webhook] = rows
    assert.deepEqual(webhook?.actions, ['meeting_booked'])
    assert.equal(Buffer.from(webhook?.secret ?? []).toString(), 'secret')
    assert.equal(webhook?.revision, 1)
  })

  async function openWithOrganization() {
    const { executor } = await open()
    const organization = await executor
      .insertInto('organizations')
      .values({ name: 'Acme', created_at: at })
      .returning('organization_id')
      .executeTakeFirstOrThrow()
    return { executor, organization: organization.organization_id }
  }
})

test('refuses rows that do not match their table when types are checked', () => {
  const organization = 1 as OrganizationId
  // @ts-expect-error: a column that can be null must be given as well
  const missing: NewRow<'organizations'> = { name: 'Acme', brand_color: null, created_at: at }
  // @ts-expect-error: the database generates the id
  const made: NewRow<'tags'> = { organization_id: organization, id: 1, name: 'vip', created_at: at }
  // @ts-expect-error: there is no such column
  const unknown: RowChange<'tags'> = { title: 'vip' }
  // @ts-expect-error: the check constraint allows other values
  const role: Row<'attendees'>['role'] = 'guest'
  assert.ok([missing, made, unknown, role])
})
