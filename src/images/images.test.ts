import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import sharp from 'sharp'
import { createTestOrganization, openTestApp, type TestApp } from '../../test/support/app.ts'
import { eachDatabase } from '../../test/support/databases.ts'
import { type SignedIn, signInAs } from '../../test/support/sign-in.ts'
import { restoreBackup, writeBackup } from '../platform/backup.ts'
import { systemClock } from '../platform/clock.ts'
import { openPglite } from '../platform/database.ts'
import { hashOfPath, MOST_BYTES } from './image.ts'
import { findImage } from './service.ts'

/** Creates an image in one colour. It is wide, so that rotation and cropping are visible. */
const picture = (color: string, { width = 900, height = 600 } = {}) =>
  sharp({ create: { width, height, channels: 3, background: color } })

eachDatabase((open) => {
  let app: TestApp
  let member: SignedIn
  before(async () => {
    app = await openTestApp(await open())
    member = await signInAs(app, 'member')
  })
  after(() => app?.stop())

  const logo = '/api/v1/organization/logo'
  const photoOf = (id: number) => `/api/v1/members/${id}/photo`

  /** Sends a file as browsers and programs do. */
  const put = (path: string, bytes: Buffer, headers: Record<string, string | null> = {}) =>
    app.api('PUT', path, bytes, { 'content-type': 'image/png', ...headers })

  /** Requests the image at a path as a stranger. */
  async function load(path: string) {
    const { statusCode: status, headers, rawPayload } = await app.bookbell.app.inject({ method: 'GET', url: path })
    return { status, headers, bytes: rawPayload }
  }
  const countImages = async () => (await app.database.executor.selectFrom('images').select('hash').execute()).length

  describe('the photo of a member', () => {
    for (const format of ['png', 'jpeg', 'webp'] as const)
      test(`is uploaded as ${format}, and becomes a square WebP picture`, async () => {
        const { status, body, text } = await put(
          photoOf(member.id),
          await picture('#336699').toFormat(format).toBuffer(),
        )
        assert.equal(status, 200, text)
        assert.match(body.photo_url, /^\/images\/[\w-]{43}$/)
        const { headers, bytes } = await load(body.photo_url)
        const { format: stored, width, height } = await sharp(bytes).metadata()
        assert.deepEqual([headers['content-type'], stored, width, height], ['image/webp', 'webp', 400, 400])
        assert.equal(await countImages(), 1, 'the former photo is deleted')
      })

    test('is sent with headers that let browsers keep it and run nothing', async () => {
      const { body } = await app.api('GET', `/api/v1/members/${member.id}`)
      const { status, headers } = await load(body.photo_url)
      assert.equal(status, 200)
      assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable')
      assert.equal(headers['content-security-policy'], "default-src 'none'; sandbox")
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.equal(headers['cross-origin-resource-policy'], 'cross-origin')
      assert.equal((await load(`${body.photo_url.slice(0, -1)}!`)).status, 404)
    })

    test('keeps no metadata, and is upright', async () => {
      const left = { input: await picture('#ffffff', { width: 20, height: 600 }).png().toBuffer(), left: 0, top: 0 }
      const sideways = await picture('#000000', { width: 600, height: 600 })
        .composite([left])
        .jpeg()
        .withExif({ IFD0: { Copyright: 'the-owner' }, IFD3: { GPSLatitude: '51/1 30/1 0/1', GPSLatitudeRef: 'N' } })
        .withMetadata({ orientation: 6 })
        .toBuffer()
      assert.ok((await sharp(sideways).metadata()).exif)
      const { body, text } = await put(photoOf(member.id), sideways)
      const { bytes } = await load(body.photo_url ?? assert.fail(text))
      const { exif, xmp, iptc, icc, orientation } = await sharp(bytes).metadata()
      assert.deepEqual([exif, xmp, iptc, icc, orientation], [undefined, undefined, undefined, undefined, undefined])
      const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
      const brightness = (x: number, y: number) => data[(y * info.width + x) * info.channels] ?? 0
      assert.ok(brightness(200, 4) > 200, 'what was left is at the top')
      assert.ok(brightness(4, 200) < 60)
    })

    test('can be changed by themselves and by admins, and by no one else', async () => {
      const file = await picture('#00aa00').png().toBuffer()
      const manager = await signInAs(app, 'manager')
      const own = await put(photoOf(member.id), file, member.headers)
      assert.equal(own.status, 200, own.text)
      const refused = await put(photoOf(member.id), file, manager.headers)
      assert.deepEqual([refused.status, refused.body.code], [403, 'forbidden'])
      assert.equal((await manager.ask('DELETE', photoOf(member.id))).status, 403)
      const { apiKey } = await createTestOrganization({ database: app.database, clock: systemClock })
      const foreign = await put(photoOf(member.id), file, { authorization: `Bearer ${apiKey}` })
      assert.deepEqual([foreign.status, foreign.body.code], [404, 'not_found'])
      assert.equal((await put(photoOf(member.id), file, { authorization: null })).status, 401)
      const entry = (await app.api('GET', '/api/v1/audit?action=member.changed&limit=1')).body.data[0]
      assert.deepEqual([entry.actor.id, entry.changes[0].field], [member.id, 'photo_url'])
    })

    test('is part of the export of their data, and of what visitors see of a host', async () => {
      const { photo_url } = (await app.api('GET', `/api/v1/members/${member.id}`)).body
      const exported = await app.api('GET', `/api/v1/people/${member.email}/export`)
      const [prefix, data] = exported.body.members[0].photo.split(',')
      assert.equal(prefix, 'data:image/webp;base64')
      assert.deepEqual(Buffer.from(data, 'base64'), (await load(photo_url)).bytes)
      const type = await app.api('POST', '/api/v1/meeting-types', {
        name: 'Intro',
        slug: 'intro',
        duration_minutes: 30,
        hosts: [member.id],
        location_type: 'jitsi',
      })
      const page = { name: 'Studio', slug: 'studio', meeting_types: [type.body.id] }
      assert.equal((await app.api('POST', '/api/v1/pages', page)).status, 201)
      const shown = await app.api('GET', '/api/v1/public/pages/studio/meeting-types/intro')
      assert.equal(shown.body.hosts[0].photo_url, photo_url)
      await app.api('DELETE', `/api/v1/meeting-types/${type.body.id}`)
    })

    test('is removed on request, and with the member', async () => {
      const { photo_url } = (await app.api('GET', `/api/v1/members/${member.id}`)).body
      const removed = await app.api('DELETE', photoOf(member.id))
      assert.deepEqual([removed.status, removed.body.photo_url, await countImages()], [200, null, 0])
      assert.equal((await load(photo_url)).status, 404)
      const file = await picture('#123456').png().toBuffer()
      assert.equal((await put(photoOf(member.id), file)).status, 200)
      assert.equal((await app.api('DELETE', `/api/v1/members/${member.id}`)).status, 204)
      assert.equal(await countImages(), 0)
    })
  })

  describe('the logo', () => {
    test('is uploaded, keeps its shape and its transparent parts, and can be removed', async () => {
      const transparent = { r: 200, g: 0, b: 0, alpha: 0 }
      const wide = sharp({ create: { width: 1000, height: 250, channels: 4, background: transparent } })
      const { body, text } = await put(logo, await wide.webp().toBuffer(), { 'content-type': 'image/webp' })
      assert.match(body.logo_url ?? text, /^\/images\//)
      const { headers, bytes } = await load(body.logo_url)
      const { format, width, height, hasAlpha } = await sharp(bytes).metadata()
      assert.deepEqual([headers['content-type'], format, width, height], ['image/png', 'png', 400, 100])
      assert.ok(hasAlpha)
      const removed = await app.api('DELETE', logo)
      assert.deepEqual([removed.status, removed.body.logo_url, await countImages()], [200, null, 0])
    })

    test('is kept when other settings are saved, and deleted when a URL replaces it', async () => {
      const { body } = await put(logo, await picture('#ff0000').png().toBuffer())
      const same = await app.api('PATCH', '/api/v1/organization', { name: 'Renamed', logo_url: body.logo_url })
      assert.deepEqual([same.status, same.body.logo_url, await countImages()], [200, body.logo_url, 1])
      const wrong = await app.api('PATCH', '/api/v1/organization', { logo_url: `/images/${'x'.repeat(43)}` })
      assert.deepEqual([wrong.status, wrong.body.errors[0].path], [422, 'logo_url'])
      const url = 'https://example.com/logo.svg'
      const replaced = await app.api('PATCH', '/api/v1/organization', { logo_url: url })
      assert.deepEqual([replaced.body.logo_url, await countImages()], [url, 0])
      await app.api('DELETE', logo)
    })

    test('is only for admins', async () => {
      const manager = await signInAs(app, 'manager')
      assert.equal((await put(logo, await picture('#ff0000').png().toBuffer(), manager.headers)).status, 403)
    })
  })

  describe('a file that is not a picture', () => {
    const refusal = async (bytes: Buffer, type = 'image/png') => {
      const { status, body } = await put(logo, bytes, { 'content-type': type })
      return [status, body.code]
    }
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

    test('is refused by its content, whatever type is declared', async () => {
      const gif = await picture('#000000').gif().toBuffer()
      for (const bytes of [Buffer.from(svg), Buffer.from(`<?xml version="1.0"?>${svg}`), gif, Buffer.from('{}')])
        assert.deepEqual(await refusal(bytes), [415, 'unsupported_media_type'], bytes.toString('latin1', 0, 20))
      assert.deepEqual(await refusal(Buffer.from(svg), 'image/svg+xml'), [415, 'unsupported_media_type'])
      assert.deepEqual(await refusal(Buffer.from('{}'), 'application/json'), [415, 'unsupported_media_type'])
      const none = await app.api('PUT', logo)
      assert.deepEqual([none.status, none.body.code], [415, 'unsupported_media_type'])
      const jpeg = await picture('#000000').jpeg().toBuffer()
      assert.equal((await put(logo, jpeg, { 'content-type': 'application/octet-stream' })).status, 200)
    })

    test('is refused if it is damaged or has too many pixels', async () => {
      const whole = await picture('#008800').jpeg().toBuffer()
      assert.deepEqual(await refusal(whole.subarray(0, whole.length / 2)), [422, 'invalid_input'])
      const hidden = Buffer.concat([(await picture('#000000').png().toBuffer()).subarray(0, 8), Buffer.from(svg)])
      assert.deepEqual(await refusal(hidden), [422, 'invalid_input'])
      const bomb = await picture('#000000', { width: 12_000, height: 6_000 }).png({ compressionLevel: 9 }).toBuffer()
      assert.ok(bomb.length < MOST_BYTES)
      assert.deepEqual(await refusal(bomb), [422, 'invalid_input'])
    })

    test('is refused above 2 MiB, with the limit', async () => {
      const { status, body } = await put(logo, Buffer.alloc(MOST_BYTES + 1))
      assert.deepEqual([status, body.code], [413, 'body_too_large'])
      assert.match(body.detail, /2048 KiB/)
    })
  })

  test('a backup contains the pictures', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'bookbell-images-'))
    const restored = await openPglite(null)
    t.after(async () => {
      await restored.close()
      await rm(folder, { recursive: true })
    })
    const { body } = await put(logo, await picture('#0000ff').png().toBuffer())
    const path = join(folder, 'backup')
    await writeBackup(app.database, path, { program: 'test', takenAt: systemClock.timestamp() })
    await restoreBackup(restored, path, { leaveOut: {} })
    const image = await findImage(restored.executor, hashOfPath(body.logo_url) ?? '')
    assert.deepEqual(Buffer.from(image?.bytes ?? []), (await load(body.logo_url)).bytes)
  })

  test('the API document describes the uploads', async () => {
    const { body } = await app.api('GET', '/api/openapi.json')
    for (const path of ['/api/v1/organization/logo', '/api/v1/members/{id}/photo'])
      assert.deepEqual(Object.keys(body.paths[path].put.requestBody.content), ['image/png', 'image/jpeg', 'image/webp'])
  })
})
