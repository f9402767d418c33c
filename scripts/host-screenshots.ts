/** The pictures in the guide for hosts (`docs/host-guide.md`), which `scripts/screenshots.ts` takes from the demo. */
import { join } from 'node:path'
import type { Page } from 'playwright-core'

/** The URLs of the pages, and the ids of the resources that they show. */
interface Places {
  folder: string
  adminUrl: string
  meetingType: number
  schedule: number
  /** A confirmed meeting. */
  meeting: number
}

/** Takes the pictures. Someone must be signed in. */
export async function takeHostGuide(page: Page, places: Places): Promise<void> {
  const open = async (path: string) => {
    await page.goto(`${places.adminUrl}/${path}`)
    await page.waitForLoadState('networkidle')
  }
  const take = async (name: string) => {
    await page.mouse.move(0, 0)
    await page.waitForLoadState('networkidle')
    await page.screenshot({ path: join(places.folder, `${name}.png`), animations: 'disabled' })
  }
  await open(`meeting-types/${places.meetingType}`)
  await page.getByRole('button', { name: 'Share', exact: true }).click()
  await page.getByRole('dialog').getByRole('img').first().waitFor()
  await take('host-share')
  await open(`availability/${places.schedule}`)
  await page.getByRole('heading', { name: 'Weekly hours' }).evaluate('(heading) => heading.scrollIntoView()')
  await page.mouse.wheel(0, -32)
  await take('host-hours')
  await open('meetings?view=waiting')
  await page
    .getByRole('button', { name: /^Approve/ })
    .first()
    .waitFor()
  await take('host-requests')
  await open(`meetings?meeting=${places.meeting}`)
  await page.getByRole('dialog').getByRole('button', { name: 'Reschedule' }).waitFor()
  await take('host-meeting')
}
