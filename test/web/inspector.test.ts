import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { assertAccessible, desktop, furnish, openStory, phone, type Story } from './story.ts'

let story: Story

before(async () => {
  story = await openStory()
  await furnish(story, [{ name: 'Intro', slug: 'intro' }])
})

after(() => story.stop())

test('a booking appears in the inspector immediately, signed, without a reload', async () => {
  const inspector = await story.create('inspectors', { name: 'Watch' })
  await story.create('webhooks', { url: inspector.url })
  const page = await story.open(new URL(inspector.page_url).pathname)
  await page.getByRole('heading', { name: 'Waiting for the first request' }).waitFor()
  await page.getByText('Live', { exact: true }).waitFor()
  await assertAccessible(page, 'the empty inspector')

  await book('Ada <b>Lovelace</b>')
  const list = page.getByRole('navigation', { name: 'Requests, newest first' })
  await list.getByText('Meeting.scheduled').waitFor()
  await list.getByText('Attendee.scheduled').waitFor()
  assert.equal(await list.getByText('Signature valid').count(), 2)
  await list.getByText('Attendee.scheduled').click()
  await page.getByText('"Ada <b>Lovelace</b>"').first().waitFor()
  await assertAccessible(page, 'the inspector')

  const forged = { type: 'Activity', action: 'Meeting.cancelled' }
  await story.server.request('POST', new URL(inspector.url).pathname, forged, {
    'webhook-id': 'act_1',
    'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
    'webhook-signature': 'v1,AAAA',
  })
  await list.getByText('Signature invalid').waitFor()
  await page.context().close()
})

test('an unknown inspector shows a message, on a phone and on a desktop', async () => {
  for (const size of [phone, desktop]) {
    const page = await story.open('/inspect/nothing', size)
    await page.getByRole('heading', { name: 'Inspector not found' }).waitFor()
    await page.context().close()
  }
})

const words = {
  de: ['Inspektor', 'Signatur gültig', 'Inhalt kopieren', /\d\skB · Antwort 200$/],
  fr: ['Inspecteur', 'Signature valide', 'Copier le corps', /\d\sko · réponse 200$/],
  es: ['Inspector', 'Firma válida', 'Copiar el cuerpo', /\d\skB · respuesta 200$/],
  pt: ['Inspetor', 'Assinatura válida', 'Copiar o corpo', /\d\skB · resposta 200$/],
} as const

test('an inspector is shown in the browser’s language', async () => {
  const inspector = await story.create('inspectors', { name: 'Languages' })
  const webhook = await story.create('webhooks', { url: inspector.url })
  await story.server.request('POST', `/api/v1/webhooks/${webhook.id}/test`, { action: 'Meeting.tagged' })
  for (const [locale, [title, valid, copy, summary]] of Object.entries(words)) {
    const page = await story.open(new URL(inspector.page_url).pathname, { locale, ...phone })
    await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()
    await page.getByRole('navigation').getByText(valid, { exact: true }).waitFor()
    await page.getByRole('button', { name: copy }).waitFor()
    assert.match((await page.locator('.detail-head .help').textContent()) ?? '', summary)
    assert.equal(await page.evaluate('document.documentElement.lang'), locale)
    assert.equal(await page.title(), `(1) ${title} · Bookbell`)
    await assertAccessible(page, `the inspector in ${locale}`)
    await page.context().close()
  }
})

async function book(name: string): Promise<void> {
  const today = Temporal.Now.plainDateISO('UTC')
  const base = '/api/v1/public/pages/studio/meeting-types/intro'
  const query = `from=${today}&to=${today.add({ days: 7 })}&timezone=UTC`
  const { body } = await story.server.request('GET', `${base}/slots?${query}`)
  const booked = await story.server.request('POST', `${base}/meetings`, {
    start: body.slots[0].start,
    attendee: { first_name: name, last_name: '', email: 'ada@example.com', timezone: 'Europe/Berlin' },
  })
  assert.equal(booked.status, 201, booked.text)
}
