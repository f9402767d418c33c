import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from '../errors.ts'
import { type App, sendRefusal } from './http-server.ts'
import { loadableByOtherSites } from './response-headers.ts'
import { codeOf } from './thrown.ts'
import { tidyAddress } from './tidy-address.ts'

/** Where Vite writes the pages; `npm start` builds them if they are missing or out of date. */
const builtPages = fileURLToPath(new URL('../../web/dist', import.meta.url))

const YEAR_SECONDS = 365 * 24 * 60 * 60

/** The data that a page starts with, so that it does not have to fetch anything first. `title` and `description` are for link previews. */
export interface PageData {
  title: string
  description: string | null
  /** The same JSON that the public API returns, under the names that the page reads. */
  data: Record<string, unknown>
}

/** A URL as the router matched it. */
export interface PageRequest {
  params: Record<string, string>
  query: Record<string, unknown>
  request: FastifyRequest
}

/** A route that serves a built page. */
export interface WebPage {
  /** A route pattern, such as `/:page/:slug`. */
  route: string
  /** The built page, without `.html`. */
  entry: string
  /** Reads the page's data, or redirects. If it returns undefined, the page is sent with 404. */
  load?(request: PageRequest): Promise<PageData | { redirect: string } | undefined>
  /** Whether other sites can show the page in a frame. */
  isEmbeddable?: boolean
  /** Whether the route is lower case, so that `/Team/Intro` redirects to `/team/intro`. */
  isLowerCase?: boolean
  /** Whether knowing the URL is enough to act. If so, it must not reach other sites as a referrer. */
  isPrivate?: boolean
  /** Whether the page's component library writes style elements, which then get a nonce. */
  writesStyles?: boolean
}

export interface WebPagesOptions {
  pages: WebPage[]
  /** The page that is sent with 404 for an unknown URL. */
  unknown: Pick<WebPage, 'entry'>
  /** The target of the redirect from `/`. */
  home: string
  /** Whether there is a mail server. If not, the pages do not say that an email was sent. */
  sendsMail: boolean
  /** The folder with the built pages. */
  folder?: string
}

/**
 * Serves the pages for people. They have a strict Content-Security-Policy. Their data is in a script element that is
 * not executed. The name of every built file contains a content hash, so it can be cached permanently.
 */
export async function registerWebPages(app: App, options: WebPagesOptions): Promise<void> {
  const { pages, unknown, home, sendsMail, folder = builtPages } = options
  const site = { folder, sendsMail }
  await registerFiles(app, folder)
  for (const page of pages) registerPage(app, site, page)
  registerUnknown(app, site, unknown)
  app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect(home))
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
    setHeaders: (reply) => void reply.headers(loadableByOtherSites),
  })
  const files = { '/favicon.svg': 'image/svg+xml', '/embed.js': 'text/javascript; charset=utf-8' }
  for (const [path, type] of Object.entries(files)) {
    app.get(path, { schema: { hide: true } }, async (_request, reply) => {
      const content = await readBuilt(join(folder, path))
      if (content === undefined) return reply.callNotFound()
      // Other sites embed one fixed URL, so a new version must reach them soon.
      return reply
        .headers({
          'cache-control': 'public, max-age=300',
          'access-control-allow-origin': '*',
          ...loadableByOtherSites,
        })
        .type(type)
        .send(content)
    })
  }
}

function registerPage(app: App, site: Site, page: WebPage): void {
  type Route = { Params: Record<string, string>; Querystring: Record<string, unknown> }
  app.get<Route>(page.route, { schema: { hide: true } }, async (request, reply) => {
    if (isForPrograms(request)) return reply.callNotFound()
    const loaded = await page.load?.({ params: request.params, query: request.query, request })
    if (loaded && 'redirect' in loaded) return reply.header('cache-control', 'no-store').redirect(loaded.redirect)
    const tidy = page.load && !loaded && tidyAddress(request.url, { isLowerCase: page.isLowerCase ?? false })
    if (tidy) return reply.redirect(tidy)
    return sendPage(reply, { ...page, ...site, loaded, status: page.load && !loaded ? 404 : 200 })
  })
}

/** For an unknown URL, browsers get a page and programs get the problem document. */
function registerUnknown(app: App, site: Site, unknown: Pick<WebPage, 'entry'>): void {
  app.get('/*', { schema: { hide: true } }, async (request, reply) => {
    if (isForPrograms(request) || !request.headers.accept?.includes('text/html')) return reply.callNotFound()
    const tidy = tidyAddress(request.url, { isLowerCase: false })
    if (tidy) return reply.redirect(tidy)
    return sendPage(reply, { ...unknown, ...site, status: 404 })
  })
}

/** An unknown URL under /api gets a problem document, never a page. */
const isForPrograms = ({ url }: FastifyRequest): boolean => url.startsWith('/api/')

/** What all pages have in common. */
type Site = Required<Pick<WebPagesOptions, 'folder' | 'sendsMail'>>

interface SentPage extends Omit<WebPage, 'route' | 'load'>, Site {
  status: number
  loaded?: PageData | undefined
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
    .code(page.status)
    .headers({
      'content-security-policy': contentSecurityPolicy(page, nonce),
      'cache-control': 'no-store',
      'referrer-policy': page.isPrivate ? 'no-referrer' : 'strict-origin-when-cross-origin',
      ...(page.isEmbeddable ? loadableByOtherSites : {}),
    })
    .type('text/html; charset=utf-8')
    .serializer(String)
    .send(fillTemplate(template.toString('utf8'), page, nonce))
}

/**
 * Only our own scripts run. A nonce allows the style elements of a component library. Logos belong to the organizations
 * and can come from anywhere.
 */
function contentSecurityPolicy({ writesStyles, isEmbeddable }: SentPage, nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${writesStyles ? ` 'nonce-${nonce}'` : ''}`,
    "font-src 'self'",
    'img-src http: https: data:',
    "connect-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${isEmbeddable ? '*' : "'self'"}`,
  ].join('; ')
}

/** Inserts the title and the data into the built page. */
function fillTemplate(template: string, { writesStyles, loaded, sendsMail }: SentPage, nonce: string): string {
  const head = [
    ...(writesStyles ? [`<meta property="csp-nonce" nonce="${nonce}">`] : []),
    ...(loaded ? [...previewTags(loaded), dataElement(loaded.data)] : []),
  ]
  const titled = loaded
    ? template.replace(/<title>[^<]*<\/title>/, () => `<title>${escapeHtml(loaded.title)}</title>`)
    : template
  const told = sendsMail ? titled : titled.replace('<html', '<html data-mail="none"')
  return told.replace('</head>', () => `${head.join('\n    ')}\n  </head>`)
}

function previewTags({ title, description }: PageData): string[] {
  const text = description?.replaceAll(/\s+/g, ' ').slice(0, 300)
  return [
    `<meta property="og:title" content="${escapeHtml(title)}">`,
    ...(text ? [`<meta name="description" property="og:description" content="${escapeHtml(text)}">`] : []),
  ]
}

/** Returns a script element of a type that no browser runs. `<` is escaped, so that nothing in the data can end the element. */
function dataElement(data: Record<string, unknown>): string {
  return `<script type="application/json" id="bookbell-data">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character)
}

/** Reads a built file from disk each time, so that a development server always serves the newest build. */
async function readBuilt(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
