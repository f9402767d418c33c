/** Draws the icons for home screens, bookmarks and old browsers from `web/public/favicon.svg`: `node scripts/icons.ts`. */
import { readFile, writeFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../test/support/browser.ts'

const folder = new URL('../web/public/', import.meta.url)

/** Home screens round the corners of icons themselves, so their icon fills the square. */
async function draw(
  browser: Browser,
  svg: string,
  { size, square }: { size: number; square: boolean },
): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  const shown = square ? svg.replace('rx="9"', '') : svg
  await page.setContent(`<style>* { margin: 0 } svg { display: block; width: 100vw; height: 100vh }</style>${shown}`)
  const png = await page.screenshot({ omitBackground: true })
  await page.close()
  return png
}

/** An ICO file with one PNG of 32 by 32 (the directory entry has 16 bytes, after a header of 6). */
function toIco(png: Buffer): Buffer {
  const head = Buffer.alloc(22)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(1, 4)
  head.writeUInt8(32, 6)
  head.writeUInt8(32, 7)
  head.writeUInt16LE(1, 10)
  head.writeUInt16LE(32, 12)
  head.writeUInt32LE(png.length, 14)
  head.writeUInt32LE(head.length, 18)
  return Buffer.concat([head, png])
}

const svg = await readFile(new URL('favicon.svg', folder), 'utf8')
const browser = await launchBrowser()
try {
  for (const size of [192, 512])
    await writeFile(new URL(`favicon-${size}.png`, folder), await draw(browser, svg, { size, square: false }))
  await writeFile(new URL('apple-touch-icon.png', folder), await draw(browser, svg, { size: 180, square: true }))
  await writeFile(new URL('favicon.ico', folder), toIco(await draw(browser, svg, { size: 32, square: false })))
} finally {
  await browser.close()
}
