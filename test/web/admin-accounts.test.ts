import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { findFreePort } from '../support/free-port.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { client, type OidcProvider, startOidcProvider } from '../support/oidc-provider.ts'
import { codeOf } from '../support/totp.ts'
import { waitFor } from '../support/wait.ts'
import { openAdmin } from './admin-story.ts'
import { assertAccessible, desktop, openStory, phone, type Story } from './story.ts'

const owner = { email: 'owner@example.com', password: 'correct horse battery staple' }

let mail: MailServer
let story: Story
let provider: OidcProvider
let home: string

before(async () => {
  mail = await startMailServer()
  const port = await findFreePort()
  const env = {
    SMTP_URL: mail.url,
    BOOKBELL_OIDC_ISSUER: `http://localhost:${port}`,
    BOOKBELL_OIDC_CLIENT_ID: client.id,
    BOOKBELL_OIDC_CLIENT_SECRET: client.secret,
    BOOKBELL_OIDC_NAME: 'Example Login',
  }
  story = await openStory({ env }).catch(async (error) => {
    await mail.stop()
    throw error
  })
  // The provider redirects people to the server's own URL, not to 127.0.0.1.
  home = story.server.url.replace('127.0.0.1', 'localhost')
  provider = await startOidcProvider(`${home}/api/auth/callback/oidc`, port)
})

after(async () => {
  await provider?.stop()
  await story.stop()
  await mail.stop()
})

async function signIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByRole('textbox', { name: 'Email' }).fill(email)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** Returns the path of the link in the newest email to an address. */
async function pathMailedTo(address: string, place: string): Promise<string> {
  return waitFor(() => {
    const newest = mail.mails.findLast(({ recipients, text }) => recipients.includes(address) && text?.includes(place))
    return new RegExp(`/${place}/[\\w-]+`).exec(newest?.text ?? '')?.[0]
  })
}

async function invite(role: string): Promise<{ email: string; path: string }> {
  const email = `${role}-${mail.mails.length}@example.com`
  const member = await story.create('members', { email, first_name: 'Ivy', last_name: 'Invited', role })
  await story.create(`members/${member.id}/invite`, {})
  return { email, path: await pathMailedTo(email, 'invitation') }
}

async function choosePassword(page: Page, label: string, password: string): Promise<void> {
  await page.getByRole('textbox', { name: label }).fill(password)
}

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name })

test('a host’s link asks for a sign-in, then opens the meeting', async () => {
  const { body: me } = await story.server.request('GET', '/api/v1/members')
  const [member] = me.data
  const type = await story.create('meeting-types', {
    name: 'Hosted',
    slug: 'hosted',
    kind: 'one_on_one',
    duration_minutes: 30,
    hosts: [member.id],
    location_type: 'place',
    location: 'Here',
  })
  const attendee = { first_name: 'Gina', last_name: 'Guest', email: 'gina@example.com', timezone: 'UTC' }
  const start = new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 86_400_000).toISOString()
  const { host } = await story.create('meetings', { meeting_type: type.id, start, attendee })
  const page = await story.open(`/m/${host.external_id}/cancel`, phone)
  await heading(page, 'Sign in').waitFor()
  assert.equal((await page.content()).includes('Guest'), false)
  await signIn(page, owner)
  await page.waitForURL(`**/m/${host.external_id}/cancel`)
  await page
    .getByRole('button', { name: /cancel/i })
    .first()
    .waitFor()
  await page.context().close()
})

test('signing in opens the requested page, and signing out shows the sign-in again', async () => {
  for (const size of [desktop, phone]) {
    const page = await story.open('/admin/settings/api-keys', size)
    await heading(page, 'Sign in').waitFor()
    await assertAccessible(page, 'the sign-in')
    await signIn(page, { ...owner, password: 'wrong' })
    await page.getByText('Wrong email or password.').waitFor()
    await assertAccessible(page, 'the refused sign-in')
    await signIn(page, owner)
    await heading(page, 'API keys').waitFor()
    if (size === phone) await page.getByRole('button', { name: 'Navigation', exact: true }).click()
    await page.getByRole('button', { name: owner.email }).or(page.locator('.person')).first().click()
    await assertAccessible(page, "the person's menu")
    await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click()
    await heading(page, 'Sign in').waitFor()
    await page.context().close()
  }
})

test('signing out everywhere also ends the sessions of other browsers', async () => {
  const [one, other] = [await story.open('/admin/tags'), await story.open('/admin/tags')]
  for (const page of [one, other]) {
    await signIn(page, owner)
    await heading(page, 'Tags').waitFor()
  }
  await one.locator('.person').click()
  await one.getByRole('menuitem', { name: 'Sign out everywhere' }).click()
  await heading(one, 'Sign in').waitFor()
  await other.reload()
  await heading(other, 'Sign in').waitFor()
  await one.context().close()
  await other.context().close()
})

test('an invited member chooses a password, is signed in, and sees no settings', async () => {
  const { email, path } = await invite('member')
  const page = await story.open(path, phone)
  await heading(page, /^Join /).waitFor()
  await assertAccessible(page, 'the invitation')
  await choosePassword(page, 'Choose a password', 'short')
  await page.getByRole('button', { name: 'Join' }).click()
  await page.getByText('Must be at least 10 characters.').waitFor()
  await choosePassword(page, 'Choose a password', 'a long enough password')
  await page.getByRole('button', { name: 'Join' }).click()
  await heading(page, 'Meetings').waitFor()
  await page.getByRole('button', { name: 'Navigation', exact: true }).click()
  const navigation = page.getByRole('navigation', { name: 'Main' })
  await navigation.getByRole('link', { name: 'Meetings' }).waitFor()
  assert.equal(await navigation.getByRole('link', { name: 'Webhooks' }).count(), 0)
  await page.goto(`${story.server.url}/admin/settings/api-keys`)
  await page.getByText('Could not load this').waitFor()
  await page.goto(story.server.url + path)
  await heading(page, 'This invitation is no longer valid').waitFor()
  await assertAccessible(page, 'the used invitation')
  await page.context().close()
  assert.match(email, /^member/)
})

test('a forgotten password is reset with the emailed link, once', async () => {
  const { email, path } = await invite('manager')
  const page = await story.open(path)
  await choosePassword(page, 'Choose a password', 'the first password')
  await page.getByRole('button', { name: 'Join' }).click()
  await heading(page, 'Meetings').waitFor()

  const elsewhere = await story.open('/admin', phone)
  await elsewhere.getByRole('button', { name: 'Forgot your password?' }).click()
  await assertAccessible(elsewhere, 'the forgotten password')
  await elsewhere.getByRole('textbox', { name: 'Email' }).fill(email)
  await elsewhere.getByRole('button', { name: 'Send reset link' }).click()
  await heading(elsewhere, 'Check your email').waitFor()
  const reset = await pathMailedTo(email, 'reset-password')
  await elsewhere.goto(story.server.url + reset)
  await heading(elsewhere, 'Choose a new password').waitFor()
  await assertAccessible(elsewhere, 'the new password')
  await choosePassword(elsewhere, 'New password', 'the second password')
  await elsewhere.getByRole('button', { name: 'Save password' }).click()
  await heading(elsewhere, 'Password changed').waitFor()
  await elsewhere.getByRole('link', { name: 'Sign in' }).click()
  await signIn(elsewhere, { email, password: 'the second password' })
  await heading(elsewhere, 'Meetings').waitFor()

  await page.reload()
  await heading(page, 'Sign in').waitFor()
  await page.goto(story.server.url + reset)
  await choosePassword(page, 'New password', 'the third password')
  await page.getByRole('button', { name: 'Save password' }).click()
  await heading(page, 'This link has expired').waitFor()
  await assertAccessible(page, 'the used link')
  await page.context().close()
  await elsewhere.context().close()
})

test('a person who has an account signs in to it to accept an invitation', async () => {
  const { email, path } = await invite('member')
  const page = await story.open(path)
  await choosePassword(page, 'Choose a password', 'the first password')
  await page.getByRole('button', { name: 'Join' }).click()
  await heading(page, 'Meetings').waitFor()
  const members = (await story.server.request('GET', '/api/v1/members')).body.data
  const { id } = members.find((member: { email: string }) => member.email === email)
  // The account keeps its email address, which another member can then have.
  await story.server.request('PATCH', `/api/v1/members/${id}`, { email: `former-${email}` })
  const again = await story.create('members', { email, first_name: 'Ivy', last_name: 'Again', role: 'member' })
  await story.create(`members/${again.id}/invite`, {})
  const newer = await waitFor(async () => {
    const found = await pathMailedTo(email, 'invitation')
    return found === path ? undefined : found
  })

  const elsewhere = await story.open(newer, phone)
  await elsewhere.getByText(`Sign in as ${email} to accept.`).waitFor()
  await assertAccessible(elsewhere, 'the invitation of a person who has an account')
  await choosePassword(elsewhere, 'Your password', 'not the password')
  await elsewhere.getByRole('button', { name: 'Sign in and join' }).click()
  await elsewhere.getByText('Wrong email or password.').waitFor()
  await choosePassword(elsewhere, 'Your password', 'the first password')
  await elsewhere.getByRole('button', { name: 'Sign in and join' }).click()
  await heading(elsewhere, 'Meetings').waitFor()
  await page.context().close()
  await elsewhere.context().close()
})

test('a corrected address is invited again, because the earlier link is invalid', async () => {
  const { email, path } = await invite('manager')
  const page = await openAdmin(story, '/admin/members')
  const row = page.locator('.row', { hasText: email })
  await row.getByRole('button').click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  const corrected = `corrected-${email}`
  await page.getByLabel('Email', { exact: true }).fill(corrected)
  await page.getByLabel('Email a new invitation to this address').waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  const newer = await pathMailedTo(corrected, 'invitation')
  const opened = await story.open(newer)
  await heading(opened, /^Join /).waitFor()
  await opened.goto(story.server.url + path)
  await heading(opened, 'This invitation is no longer valid').waitFor()
  await page.context().close()
  await opened.context().close()
})

test('a person sees their account in every organization, ends sessions, and changes the password', async () => {
  const { email, path } = await invite('member')
  const password = 'the first password'
  const page = await story.open(path)
  await choosePassword(page, 'Choose a password', password)
  await page.getByRole('button', { name: 'Join' }).click()
  await heading(page, 'Meetings').waitFor()
  const elsewhere = await openAdmin(story, '/admin', { ...phone, as: { email, password } })
  await page.locator('.person').click()
  await page.getByRole('menuitem', { name: 'Your account' }).click()
  await heading(page, 'Your account').waitFor()
  await page.getByText('This session').waitFor()
  await assertAccessible(page, 'the account')
  await page.getByRole('button', { name: /^End the session/ }).click()
  await page.getByText('Session ended').waitFor()
  await elsewhere.reload()
  await heading(elsewhere, 'Sign in').waitFor()
  await page.getByLabel('Current password', { exact: true }).fill('not the password')
  await page.getByLabel('New password', { exact: true }).fill('the second password')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('This is not your current password.').waitFor()
  await page.getByLabel('Current password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('Password changed. Other sessions were signed out.').waitFor()
  await signIn(elsewhere, { email, password: 'the second password' })
  await heading(elsewhere, 'Meetings').waitFor()
  await page.context().close()
  await elsewhere.context().close()
})

test('a person sets up a second factor that the organization requires, and signs in with its code', async () => {
  const { email, path } = await invite('member')
  const password = 'the first password'
  const page = await story.open(path, phone)
  await choosePassword(page, 'Choose a password', password)
  await page.getByRole('button', { name: 'Join' }).click()
  await heading(page, 'Meetings').waitFor()

  const admin = await openAdmin(story, '/admin/settings/organization')
  await admin.getByLabel('Require two-factor authentication').check()
  await admin.getByRole('button', { name: 'Save' }).click()
  await heading(admin, 'Two-factor authentication required').waitFor()
  await page.reload()
  await heading(page, 'Two-factor authentication required').waitFor()
  await page.getByRole('textbox', { name: 'Your password' }).fill(password)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByTitle('QR code for an authenticator app').or(page.locator('.qr-code svg')).first().waitFor()
  await assertAccessible(page, 'the QR code')
  const secret = ((await page.locator('.copy-text code').textContent()) ?? '').replaceAll(' ', '')
  await page.getByLabel('Code', { exact: true }).fill(codeOf(secret))
  await page.getByRole('button', { name: 'Turn on' }).click()
  const codes = page.getByRole('region', { name: 'Recovery codes' })
  await codes.waitFor()
  await assertAccessible(page, 'the recovery codes')
  const [, recoveryCode = ''] = await codes.getByRole('listitem').allTextContents()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    codes.getByRole('button', { name: 'Download codes' }).click(),
  ])
  assert.equal(file.suggestedFilename(), 'bookbell-recovery-codes.txt')
  await codes.getByRole('button', { name: 'I have stored them' }).click()
  await heading(page, 'Meetings').waitFor()

  const elsewhere = await story.open('/admin/account', desktop)
  await signIn(elsewhere, { email, password })
  await heading(elsewhere, 'Enter a code').waitFor()
  await assertAccessible(elsewhere, 'the second step')
  await elsewhere.getByLabel('Code').fill('000000')
  await elsewhere.getByRole('button', { name: 'Sign in' }).click()
  await elsewhere.getByText(/is not valid/).waitFor()
  await elsewhere.getByLabel('Code').fill(recoveryCode)
  await elsewhere.getByRole('button', { name: 'Sign in' }).click()
  await elsewhere.getByText('9 recovery codes are left.').waitFor()
  await assertAccessible(elsewhere, 'the account with a second factor')
  await elsewhere.getByRole('button', { name: 'Turn off' }).click()
  await elsewhere.getByRole('dialog').getByRole('textbox', { name: 'Your password' }).fill(password)
  await elsewhere.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click()
  await elsewhere.getByText('Two-factor authentication turned off').waitFor()
  await story.server.request('PATCH', '/api/v1/organization', { require_second_factor: false })
  for (const one of [page, admin, elsewhere]) await one.context().close()
})

test('an invited person joins with the server’s provider, and an unknown person sees why they cannot', async () => {
  const { email, path } = await invite('member')
  const page = await story.open('/admin', phone)
  await page.goto(home + path)
  provider.person = { sub: 'a stranger', email: 'stranger@example.com', email_verified: true }
  await page.getByRole('button', { name: 'Sign in with Example Login' }).click()
  await page.getByText('There is no member with your email address.').waitFor()
  await assertAccessible(page, 'the refused provider')
  await page.context().clearCookies()
  provider.person = { sub: email, email, email_verified: true }
  await page.goto(home + path)
  await page.getByRole('button', { name: 'Sign in with Example Login' }).click()
  await heading(page, 'Meetings').waitFor()
  await page.goto(`${home}/admin/account`)
  await page.getByText('You can sign in with Example Login.').waitFor()
  await assertAccessible(page, 'the account of a person without a password')
  await page.context().close()
})

test('a person adds a passkey, signs in with it, and removes it', async () => {
  const { email, path } = await invite('member')
  const password = 'the first password'
  const page = await story.open('/admin', desktop)
  // Passkeys belong to a host name, and browsers refuse them on an IP address.
  await page.goto(home + path)
  const devices = await page.context().newCDPSession(page)
  await devices.send('WebAuthn.enable')
  await devices.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  await choosePassword(page, 'Choose a password', password)
  await page.getByRole('button', { name: 'Join' }).click()
  await heading(page, 'Meetings').waitFor()
  await page.goto(`${home}/admin/account`)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Laptop')
  await dialog.getByRole('textbox', { name: 'Your password' }).fill(password)
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('Passkey added').waitFor()
  await page.getByRole('button', { name: 'Rename Laptop' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Work laptop')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByText('Work laptop', { exact: true }).waitFor()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await assertAccessible(page, 'the passkeys')
  assert.match(mail.mails.findLast(({ recipients }) => recipients.includes(email))?.text ?? '', /passkey/)

  await page.locator('.person').click()
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click()
  await heading(page, 'Sign in').waitFor()
  const sent = page.waitForRequest((request) => request.url().endsWith('/api/auth/sign-in/passkey'))
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByText(/last used/).waitFor()
  const body = (await sent).postDataJSON()
  const send = (changed: object) => story.server.request('POST', '/api/auth/sign-in/passkey', { ...body, ...changed })
  assert.equal((await send({})).status, 401, 'a challenge works once')
  assert.equal((await send({ response: { ...body.response, id: 'unknown' } })).status, 401)
  const isProven = () =>
    page.evaluate(
      `fetch('/api/account').then((answer) => answer.json()).then((account) => account.second_factor.proven)`,
    )
  assert.equal(await isProven(), true)

  await page.getByRole('button', { name: 'Remove Work laptop' }).click()
  await page.getByRole('button', { name: 'Remove passkey' }).click()
  await page.getByText('Passkey removed').waitFor()
  assert.equal(await isProven(), false)
  await page.context().close()
})
