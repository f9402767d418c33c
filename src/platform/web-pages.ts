import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from '../errors.ts'
import { type App, sendRefusal } from './http-server.ts'

/** Where Vite writes the pages; `npm start` builds them when they are missing or old. */
const builtPages = fileURLToPath(new URL('../../web/dist', import.meta.url))

const YEAR_SECONDS = 365 * 24 * 60 * 60

type Entry = 'booking' | 'setup' | 'inspector' | 'admin'

/** What a page is shown with at once, so that it has to fetch nothing first; `title` and `description` are for link previews. */
export interface PageData {
  title: string
  description: string | null
  /** The same JSON as the public API's answers, by the names that the page reads. */
  data: Record<string, unknown>
}

/** Reads what the pages of attendees are shown with; undefined where there is nothing at the address. */
export interface PageDataReaders {
  page(slug: string): Promise<PageData | undefined>
  meetingType(page: string, slug: string, query: Record<string, unknown>): Promise<PageData | undefined>
  attendee(externalId: string): Promise<PageData | undefined>
}

export interface WebPagesOptions {
  readers: PageDataReaders
  /** The folder with the built pages. */
  folder?: string
}

/**
 * Serves the pages for people. They carry a strict Content-Security-Policy; their data travels in an inert script element,
 * and everything that a build contains is addressed by its content and cached for ever.
 */
export async function registerWebPages(app: App, { readers, folder = builtPages }: WebPagesOptions): Promise<void> {
  await registerFiles(app, folder)
  registerBookingPages(app, folder, readers)
  const show = (url: string, entry: Entry) =>
    app.get(url, { schema: { hide: true } }, async (request, reply) =>
      sendPage(reply, { folder, entry, privateAddress: !request.url.startsWith('/admin') }),
    )
  show('/setup/:token', 'setup')
  show('/inspect/:token', 'inspector')
  show('/admin', 'admin')
  show('/admin/*', 'admin')
  show('/invitation/:token', 'admin')
  show('/reset-password/:token', 'admin')
  registerUnknown(app, folder)
  app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/admin'))
}

async function registerFiles(app: App, folder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    index: false,
    decorateReply: false,
    cacheControl: true,
    immutable: true,
    preCompressed: true,
    maxAge: YEAR_SECONDS * 1000,
    schemaHide: true,
  })
  const files = { '/favicon.svg': 'image/svg+xml', '/embed.js': 'text/javascript; charset=utf-8' }
  for (const [path, type] of Object.entries(files)) {
    app.get(path, { schema: { hide: true } }, async (_request, reply) => {
      const content = await readBuilt(join(folder, path))
      if (content === undefined) return reply.callNotFound()
      // Sites embed one fixed address, so that a new version has to reach them soon.
      return reply
        .headers({ 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' })
        .type(type)
        .send(content)
    })
  }
}

function registerBookingPages(app: App, folder: string, readers: PageDataReaders): void {
  const hidden = { schema: { hide: true } }
  const send = (reply: FastifyReply, loaded: PageData | undefined, rest: Partial<SentPage> = {}) =>
    sendPage(reply, { folder, entry: 'booking', loaded, status: loaded ? 200 : 404, ...rest })

  app.get<{ Params: { page: string } }>('/:page', hidden, async ({ params }, reply) =>
    send(reply, await readers.page(params.page), { embeddable: true }),
  )
  app.get<{ Params: { page: string; slug: string }; Querystring: Record<string, unknown> }>(
    '/:page/:slug',
    hidden,
    async (request, reply) => {
      if (isForPrograms(request)) return reply.callNotFound()
      const { page, slug } = request.params
      return send(reply, await readers.meetingType(page, slug, request.query), { embeddable: true })
    },
  )
  for (const step of ['', '/cancel', '/reschedule']) {
    app.get<{ Params: { external_id: string } }>(`/m/:external_id${step}`, hidden, async ({ params }, reply) =>
      send(reply, await readers.attendee(params.external_id), { privateAddress: true }),
    )
  }
}

/** Whoever mistyped an address gets a page; a program gets the problem document. */
function registerUnknown(app: App, folder: string): void {
  app.get('/*', { schema: { hide: true } }, async (request, reply) => {
    if (isForPrograms(request) || !request.headers.accept?.includes('text/html')) return reply.callNotFound()
    return sendPage(reply, { folder, entry: 'booking', status: 404 })
  })
}

/** An unknown address under /api is answered to a program: by a problem document. */
const isForPrograms = ({ url }: FastifyRequest): boolean => url.startsWith('/api/')

interface SentPage {
  folder: string
  entry: Entry
  status?: number
  loaded?: PageData | undefined
  /** Whether other sites may show the page in a frame. */
  embeddable?: boolean
  /** Whether whoever knows the address may act: no other site shall learn it as a referrer. */
  privateAddress?: boolean
}

async function sendPage(reply: FastifyReply, page: SentPage): Promise<FastifyReply> {
  const template = await readBuilt(join(page.folder, `${page.entry}.html`))
  if (template === undefined)
    return sendRefusal(
      reply,
      refuse('not_ready', 'The web pages have not been built. Start with `npm start`, which builds them.'),
    )
  const nonce = randomBytes(16).toString('base64')
  return reply
    .code(page.status ?? 200)
    .headers({
      'content-security-policy': contentSecurityPolicy(page, nonce),
      'cache-control': 'no-store',
      'referrer-policy': page.privateAddress ? 'no-referrer' : 'strict-origin-when-cross-origin',
      'x-content-type-options': 'nosniff',
    })
    .type('text/html; charset=utf-8')
    .serializer(String)
    .send(fillTemplate(template.toString('utf8'), page, nonce))
}

/**
 * Only our own scripts run. The admin's component library writes style elements, which the nonce admits; logos are the
 * organizations' own, from anywhere.
 */
function contentSecurityPolicy({ entry, embeddable }: SentPage, nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${entry === 'admin' ? ` 'nonce-${nonce}'` : ''}`,
    "font-src 'self'",
    'img-src http: https: data:',
    "connect-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${embeddable ? '*' : "'self'"}`,
  ].join('; ')
}

/** Puts title and data into the built page. */
function fillTemplate(template: string, { entry, loaded }: SentPage, nonce: string): string {
  const head = [
    ...(entry === 'admin' ? [`<meta property="csp-nonce" nonce="${nonce}">`] : []),
    ...(loaded ? [...previewTags(loaded), dataElement(loaded.data)] : []),
  ]
  const titled = loaded
    ? template.replace(/<title>[^<]*<\/title>/, () => `<title>${escapeHtml(loaded.title)}</title>`)
    : template
  return titled.replace('</head>', () => `${head.join('\n    ')}\n  </head>`)
}

function previewTags({ title, description }: PageData): string[] {
  const text = description?.replaceAll(/\s+/g, ' ').slice(0, 300)
  return [
    `<meta property="og:title" content="${escapeHtml(title)}">`,
    ...(text ? [`<meta name="description" property="og:description" content="${escapeHtml(text)}">`] : []),
  ]
}

/** A script of a type that no browser runs. With `<` escaped nothing in the data can end it. */
function dataElement(data: Record<string, unknown>): string {
  return `<script type="application/json" id="bookbell-data">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => escapes[sign]!)
}

/** Read each time: a server under development then shows what has just been built. */
async function readBuilt(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
