import { after, before, test } from 'node:test'
import { assertEachAccessible, bookPublicly, openAdmin } from './admin-story.ts'
import { onEachStage } from './stages.ts'
import { furnish, type Story } from './story.ts'

onEachStage(({ openStory }) => {
  let story: Story

  before(async () => {
    story = await openStory()
  })

  after(() => story.stop())

  test('every admin page is accessible and fits the screen, in light and dark mode', async () => {
    const { host, types } = await furnish(story, [{ name: 'Intro', slug: 'intro', approval: 'manual' }])
    await story.create(`members/${host}/time-off`, { from: '2030-01-01', to: '2030-01-02' })
    await story.create('tags', { name: 'Regular' })
    const { id: webhook } = await story.create('webhooks', { url: `http://127.0.0.1:4999/${'long/'.repeat(20)}` })
    await story.create('inspectors', { name: 'Trial' })
    const meeting = await bookPublicly(story, 'intro', { name: 'Maximiliane-Wilhelmine-Hohenstein' })
    await story.create('connections', { provider: 'ics', member: host, url: 'http://127.0.0.1:4999/mine.ics' })
    const { body: schedules } = await story.server.request('GET', '/api/v1/schedules')
    const tabs = ['general', 'hosts', 'availability', 'rules', 'form', 'notifications', 'confirmation']
    const webhookTitle = /127\.0\.0\.1/
    const page = await openAdmin(story, '/admin/meetings')
    await assertEachAccessible(page, story.server.url, [
      ['/admin/meetings', 'Meetings'],
      ['/admin/meetings?view=waiting', 'Meetings'],
      ['/admin/meetings?view=past', 'Meetings'],
      [`/admin/meetings?meeting=${meeting}`, 'Meetings'],
      ['/admin/meeting-types', 'Meeting types'],
      ['/admin/meeting-types/new', 'New meeting type'],
      ...tabs.map((tab): [string, string] => [`/admin/meeting-types/${types[0]}?tab=${tab}`, 'Intro']),
      ['/admin/availability', 'Availability'],
      ['/admin/availability/calendars', 'Availability'],
      ['/admin/availability?tab=week', 'Availability'],
      ['/admin/availability?tab=time-off', 'Availability'],
      ['/admin/availability?tab=limits', 'Availability'],
      ['/admin/availability?tab=why-not', 'Availability'],
      [`/admin/availability/${schedules.data[0].id}`, 'Office'],
      ['/admin/pages', 'Pages'],
      ['/admin/members', 'Members'],
      ['/admin/tags', 'Tags'],
      ['/admin/settings/webhooks', 'Webhooks'],
      ['/admin/settings/webhooks/new', 'Add webhook'],
      [`/admin/settings/webhooks/${webhook}`, webhookTitle],
      [`/admin/settings/webhooks/${webhook}?tab=diagnose`, webhookTitle],
      [`/admin/settings/webhooks/${webhook}?tab=settings`, webhookTitle],
      ['/admin/settings/inspectors', 'Inspectors'],
      ['/admin/settings/api-keys', 'API keys'],
      ['/admin/settings/organization', 'Organization'],
      ['/admin/settings/privacy', 'Privacy'],
      ['/admin/settings/audit-log', 'Audit log'],
      ['/admin/settings/mailbox', 'Mailbox'],
    ])
    await page.context().close()
  })
})
