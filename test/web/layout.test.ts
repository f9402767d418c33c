import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { waitFor } from '../support/wait.ts'
import { hostileNames } from './hostile-names.ts'
import { furnish, openStory, type Story } from './story.ts'

/** Part of every text that a user entered in this story, so that the check finds each of them on a page. */
const MARK = 'Quxley'
const widths = [320, 390, 1440]

let story: Story
let mails: MailServer

before(async () => {
  mails = await startMailServer()
  story = await openStory({ env: { SMTP_URL: mails.url } })
  const fields = [
    { name: `${MARK} company`, help_text: `${MARK} help` },
    { name: `${MARK} size`, field_type: 'choice', choices: [`${MARK} small`, `${MARK} large`] },
    { name: `${MARK} topics`, field_type: 'multichoice', choices: [`${MARK} web`, `${MARK} film`] },
    { name: `${MARK} terms`, field_type: 'toggle' },
  ]
  const described = { description: `${MARK} description`, location: `${MARK} street`, fields }
  const { host } = await furnish(story, [
    { name: `${MARK} intro`, slug: 'intro', ...described },
    { name: `${MARK} held`, slug: 'held', confirm_email: true, ...described },
  ])
  await story.server.request('PATCH', `/api/v1/members/${host}`, { first_name: MARK, last_name: MARK })
  await story.server.request('PATCH', '/api/v1/organization', { name: `${MARK} organization` })
  const [page] = (await story.server.request('GET', '/api/v1/pages')).body.data.slice(-1)
  const changed = { name: `${MARK} page`, description: `${MARK} lines` }
  await story.server.request('PATCH', `/api/v1/pages/${page.id}`, changed)
})

after(async () => {
  await story?.stop()
  await mails?.stop()
})

test('on every attendee page, 40 hostile names fit at three widths, and each has its own direction', async () => {
  assert.equal(hostileNames.length, 40)
  const page = await story.open('/studio', { reducedMotion: 'reduce' })
  const faults: string[] = []
  const look = async (what: string) => {
    await page.locator('h1').waitFor()
    faults.push(...(await findFaults(page)).map((fault) => `${what}, ${fault}`))
  }
  await look('the page')
  await page.locator('h1').evaluate('document.querySelector("h1").style.whiteSpace = "nowrap"')
  assert.notDeepEqual(await findFaults(page), [], 'a heading that does not wrap is found')
  await page.getByRole('link', { name: `${MARK} intro` }).click()
  await page.locator('.time').first().waitFor()
  await look('the calendar')
  await page.locator('.time').first().click()
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByText('Please fill in this field.').first().waitFor()
  await look('the form with errors')
  await fill(page)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByRole('heading', { name: 'You are booked' }).waitFor()
  await look('the confirmation')
  await page.reload()
  await page.getByRole('heading', { name: 'Your meeting' }).waitFor()
  await look('the meeting')
  await page.getByRole('button', { name: 'Reschedule' }).click()
  await page.locator('.time').first().waitFor()
  await look('the calendar to reschedule')
  await page.locator('.time').first().click()
  await page.getByRole('heading', { name: 'New time', exact: true }).waitFor()
  await look('the new time')
  await page.goto(page.url().replace(/\/reschedule.*/, '/cancel'))
  await page.getByRole('heading', { name: 'Cancel this meeting?' }).waitFor()
  await look('the question before cancelling')
  await page.getByRole('button', { name: 'Cancel meeting' }).click()
  await page.getByRole('heading', { name: 'This meeting is cancelled' }).waitFor()
  await look('the cancelled meeting')
  await holdTime(page)
  await look('the page that asks to check the mail')
  await page.goto(story.server.url + (await linkOfHold()))
  await page.getByRole('button', { name: 'Confirm and book' }).waitFor()
  await look('the page of a hold')
  await page.goto(`${story.server.url}/nothing`)
  await look('the page that is not found')
  assert.deepEqual(faults, [])
  await page.context().close()
})

async function fill(page: Page): Promise<void> {
  await page.getByLabel('First name').fill(MARK)
  await page.getByLabel('Last name').fill(MARK)
  await page.getByLabel('Email', { exact: true }).fill(`${MARK}@example.com`)
}

async function holdTime(page: Page): Promise<void> {
  await page.goto(`${story.server.url}/studio/held`)
  await page.locator('.time').first().click()
  await fill(page)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByRole('heading', { name: 'Check your email' }).waitFor()
}

async function linkOfHold(): Promise<string> {
  const link = () => mails.mails.map(({ text }) => /\/m\/[\w-]+\/confirm/.exec(text ?? '')?.[0]).find(Boolean)
  return waitFor(link, { what: 'the mail with the link' })
}

async function findFaults(page: Page): Promise<string[]> {
  const faults: string[] = []
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 })
    const found = (await page.evaluate(
      `(${findFaultsHere})(${JSON.stringify({ mark: MARK, names: hostileNames })})`,
    )) as string[]
    faults.push(...found.map((fault) => `${width} px: ${fault}`))
  }
  return faults
}

/**
 * Runs in the page. Puts each name in the place of every user's text. Returns the elements that are then wider than the screen,
 * cut off, or overlap another element, and the users' texts without their own direction.
 */
const findFaultsHere = `({ mark, names }) => {
  const walker = document.createTreeWalker(document.getElementById('root'), NodeFilter.SHOW_TEXT)
  const texts = []
  while (walker.nextNode()) if (new RegExp(mark, 'i').test(walker.currentNode.data)) texts.push(walker.currentNode)
  if (texts.length === 0 && !document.querySelector('.badge.plain')) return ['no text of a user']
  const original = texts.map(({ data }) => data)
  const faults = new Set()
  const isHidden = (element) => Boolean(element.closest('.visually-hidden, .skip-link, option, [aria-hidden="true"]'))
  for (const { parentElement: parent, data } of texts)
    if (!isHidden(parent) && !parent.closest('[dir="auto"]')) faults.add('without dir: ' + data)
  const check = (name) => {
    const { scrollWidth, clientWidth } = document.documentElement
    const note = (fault) => faults.add(fault + ' with ' + JSON.stringify(name))
    if (scrollWidth > clientWidth) note('wider than the screen')
    const leaves = []
    for (const element of document.querySelectorAll('#root *')) {
      if (isHidden(element) || element.closest('svg')) continue
      const { overflowX, overflowY, textOverflow, webkitLineClamp } = getComputedStyle(element)
      const cut = element.scrollWidth > element.clientWidth + 1 && overflowX !== 'visible' && element.clientWidth > 1
      const isMeant = textOverflow === 'ellipsis' || webkitLineClamp !== 'none' || /INPUT|SELECT|TEXTAREA/.test(element.tagName)
      if (cut && !isMeant) note('cut off: ' + element.className)
      for (const node of element.childNodes) {
        if (node.nodeType !== 3 || !node.data.trim()) continue
        const range = document.createRange()
        range.selectNodeContents(node)
        const clip = element.closest('.type-card-description, .times-scroll')
        for (const box of range.getClientRects()) if (!clip && box.width > 1) leaves.push({ element, box })
      }
    }
    for (const { element, box } of leaves)
      if (box.right > clientWidth + 1 || box.left < -1) note('out of the screen: ' + element.className + element.tagName)
    for (const [at, a] of leaves.entries())
      for (const b of leaves.slice(at + 1)) {
        if (a.element === b.element || a.element.contains(b.element) || b.element.contains(a.element)) continue
        const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left)
        const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top)
        if (across > 2 && down > 6) note('one over the other: ' + a.element.className + ' ' + b.element.className)
      }
  }
  check('the names of the story')
  for (const name of names) {
    for (const text of texts) text.data = name
    check(name)
  }
  for (const [at, text] of texts.entries()) text.data = original[at]
  return [...faults].slice(0, 12)
}`
