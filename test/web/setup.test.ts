import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { onEachStage } from './stages.ts'
import { assertAccessibleInAllColours, type Story } from './story.ts'

onEachStage(({ openStory }) => {
  let story: Story

  before(async () => {
    const none = { BOOKBELL_OWNER_EMAIL: undefined, BOOKBELL_OWNER_PASSWORD: undefined, BOOKBELL_API_KEY: undefined }
    story = await openStory({ env: none })
  })

  after(() => story.stop())

  function setupPath(): string {
    const link = /http\S+(\/setup\/\S+)/.exec(story.server.output())
    assert.ok(link?.[1], 'the console printed a setup link')
    return link[1]
  }

  test('a wrong setup link is refused before the form', async () => {
    const page = await story.open('/setup/wrong')
    await page.getByRole('heading', { name: 'This setup link is not valid.' }).waitFor()
    assert.equal(await page.getByRole('textbox').count(), 0)
    await assertAccessibleInAllColours(page, 'a wrong setup link')
    await page.context().close()
  })

  test('until the server is set up, the first page says where to find the setup link', async () => {
    const page = await story.open('/')
    await page.getByRole('heading', { name: 'This server is not set up yet' }).waitFor()
    await assertAccessibleInAllColours(page, 'a server that is not set up')
    await page.context().close()
  })

  test('the setup page is shown in the browser’s language, or another one', async () => {
    const page = await story.open(setupPath(), { locale: 'fr-FR' })
    await page.getByRole('heading', { name: 'Bienvenue sur Bookbell' }).waitFor()
    assert.equal(await page.evaluate('document.documentElement.lang'), 'fr-FR')
    const words = { de: 'Willkommen', es: 'Te damos', pt: 'Damos-lhe', en: 'Welcome' }
    for (const [language, word] of Object.entries(words)) {
      await page.locator('#setup-language').selectOption(language)
      await page.getByRole('heading', { name: word }).waitFor()
    }
    await page.context().close()
  })

  test('a new user sets up the server once, and gets a working key', async () => {
    const page = await story.open(setupPath(), { timezoneId: 'America/New_York' })
    await assertAccessibleInAllColours(page, 'the setup page')
    await page.getByRole('button', { name: 'Create organization' }).click()
    await page.getByText('Must be at least 10 characters.').waitFor()
    assert.equal(await page.evaluate('document.activeElement.getAttribute("autocomplete")'), 'organization')
    const [top, bottom, height] = await page.evaluate<number[]>(
      '(({ top, bottom }) => [top, bottom, innerHeight])(document.activeElement.getBoundingClientRect())',
    )
    assert.ok(top! >= 0 && bottom! <= height!, 'the first error is on the screen')
    await assertAccessibleInAllColours(page, 'the setup page with errors')
    await page.keyboard.type('Northwind')
    assert.notEqual(await page.getByLabel('Organization').getAttribute('aria-invalid'), 'true')
    await page.getByLabel('First name').fill('Mara')
    await page.getByLabel('Email').fill('mara@example.com')
    await page.getByLabel('Password').fill('correct horse')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Northwind is ready' }).waitFor()
    await assertAccessibleInAllColours(page, 'the end of the setup')

    const link = page.getByRole('region', { name: 'Your booking link' }).getByRole('link')
    assert.match((await link.getAttribute('href')) ?? '', /\/northwind\/30-minutes$/)
    const bookable = await story.open('/northwind/30-minutes')
    await bookable.getByRole('heading', { name: '30-minute meeting' }).waitFor()
    await bookable.context().close()

    const authorization = `Bearer ${await page.locator('.key-line code').textContent()}`
    const { status, body } = await story.server.request('GET', '/api/v1/members', undefined, { authorization })
    assert.equal(status, 200)
    assert.equal(body.data[0].email, 'mara@example.com')
    assert.equal(body.data[0].timezone, 'America/New_York', 'the zone of the newcomer’s device')
    assert.equal((await page.request.get(`${story.server.url}/api/v1/me`)).status(), 200, 'and is signed in')

    await page.goto(`${story.server.url}/admin/members`)
    await page.getByText('Emails are not sent').waitFor()
    await page.getByRole('button', { name: 'Invite member' }).click()
    await page.getByLabel('First name').fill('Ivy')
    await page.getByRole('textbox', { name: 'Email' }).fill('ivy@example.com')
    await page.getByRole('button', { name: 'Invite', exact: true }).click()
    const invitation = await page.getByLabel('Invitation link').inputValue()
    await assertAccessibleInAllColours(page, 'the link of an invitation')
    await page.context().close()
    const invited = await story.open(new URL(invitation).pathname)
    await invited.getByText('You will sign in as ivy@example.com.').waitFor()
    await invited.context().close()

    const again = await story.open(setupPath())
    await again.getByRole('heading', { name: 'This server is already set up.' }).waitFor()
    assert.equal(await again.getByRole('textbox').count(), 0)
    await again.context().close()
  })

  test('without a mail server, no page says that an email is sent', async () => {
    const page = await story.open('/northwind/30-minutes')
    await page.locator('button.time').first().click()
    await page.getByLabel('First name').fill('Ann')
    await page.getByLabel('Email').fill('ann@example.com')
    await page.getByRole('button', { name: 'Confirm' }).click()
    await page.getByText('you will not receive an email').waitFor()
    await page.goto(`${story.server.url}/admin`)
    await page.getByRole('button', { name: 'Forgot your password?' }).click()
    await page.getByText('This server does not send emails.').waitFor()
    await page.context().close()
  })
})
