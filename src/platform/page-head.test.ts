import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fillTemplate, type PageData } from './page-head.ts'
import { toDrawable } from './preview-layout.ts'
import { PreviewPictures, versionOf } from './preview-pictures.ts'

const template = '<html lang="en"><head><title>Bookbell</title></head><body></body></html>'
const picture = { title: 'Intro', organization: 'Studio', detail: '30 min', color: '#0e6b54' }
const loaded: PageData = {
  title: 'Intro · "Studio" & <b>',
  description: 'Half an\nhour',
  data: { text: '</script>' },
  preview: { path: '/studio/intro', siteName: 'Studio', picture },
}
const page = { loaded, url: 'https://book.example.com', sendsMail: true, isListed: true, nonce: undefined, look: {} }

test('a link preview has a title, a description, an address and a picture', () => {
  const html = fillTemplate(template, page)
  for (const tag of [
    '<title>Intro · &quot;Studio&quot; &amp; &lt;b&gt;</title>',
    '<meta property="og:url" content="https://book.example.com/studio/intro">',
    '<meta property="og:site_name" content="Studio">',
    '<meta name="description" property="og:description" content="Half an hour">',
    '<meta name="twitter:card" content="summary_large_image">',
    `<meta property="og:image" content="https://book.example.com/previews/studio/intro.png?v=${versionOf(picture)}">`,
  ])
    assert.ok(html.includes(tag), `${tag} in ${html}`)
  assert.doesNotMatch(html, /noindex|<\/script>"/)
})

test('search engines may not list a private page, and its preview has no picture', () => {
  const { preview, ...own } = loaded
  const html = fillTemplate(template, { ...page, loaded: own, isListed: false })
  assert.match(html, /<meta name="robots" content="noindex, nofollow">/)
  assert.doesNotMatch(html, /og:image|canonical/)
})

test('the preview picture is a PNG of 1200 by 630 pixels, drawn once, whatever the names are', async () => {
  const pictures = new PreviewPictures()
  const names = ['Intro', 'Kraftfahrzeughaftpflichtversicherungsberatungsgespräch', 'مرحبا', '<b>&amp;</b> 🎉', '']
  for (const title of names) {
    const png = Buffer.from((await pictures.draw({ ...picture, title, organization: title })) ?? [])
    assert.equal(png.subarray(1, 4).toString('latin1'), 'PNG', title)
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [1200, 630], title)
  }
  const again = { ...picture, title: 'Intro', organization: 'Intro' }
  assert.equal(pictures.isKnown(again), true)
  assert.equal(await pictures.draw(again), await pictures.draw(again))
  await pictures.stop()
})

test('pictures above the limit for pending pictures are refused, not queued', async () => {
  const pictures = new PreviewPictures()
  const drawn = Array.from({ length: 30 }, (_, at) => pictures.draw({ ...picture, title: `Intro ${at}` }))
  const done = await Promise.all(drawn)
  assert.equal(done.filter((png) => png === null).length, 10)
  assert.notEqual(await pictures.draw({ ...picture, title: 'Intro 29' }), null, 'later it is drawn')
  await pictures.stop()
})

test('a picture has no empty boxes, because text in other scripts and emoji are left out', () => {
  assert.equal(toDrawable('Größe 🎉 №1 – “été”'), 'Größe 1 – “été”')
  assert.equal(toDrawable('Zażółć gęślą jaźń'), 'Zażółć gęślą jaźń')
  assert.equal(toDrawable('Привет Ann'), '')
  assert.equal(toDrawable('🎉'), '')
})
