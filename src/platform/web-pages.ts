import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from '../errors.ts'
import { type App, sendRefusal } from './http-server.ts'
import { fillTemplate, type PageData } from './page-head.ts'
import type { PreviewPicture } from './preview-layout.ts'
import { PreviewPictures } from './preview-pictures.ts'
import { loadableByOtherSites } from './response-headers.ts'
import { codeOf } from './thrown.ts'
import { tidyAddress } from './tidy-address.ts'

/** Where Vite writes the pages. `npm start` builds them if they are missing or out of date. */
const builtPages = fileURLToPath(new URL('../../web/dist', import.meta.url))

const YEAR_SECONDS = 365 * 24 * 60 * 60

/** A page's address as the router matched it. */
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
  /** Reads the page's data, or redirects. If it returns undefined, the page is sent with status 404. */
  load?(request: PageRequest): Promise<PageData | { redirect: string } | undefined>
  /** Whether other sites can show the page in a frame. */
  isEmbeddable?: boolean
  /** Describes the link preview picture, which is at `/previews{route}.png`. */
  picture?(params: PageRequest['params']): Promise<PreviewPicture | undefined>
  /** Whether the route is in lower case, so that `/Team/Intro` leads to `/team/intro`. */
  isLowerCase?: boolean
  /** Whether anyone who knows the URL can act with it. If so, the URL must not reach other sites as a referrer. */
  isPrivate?: boolean
  /** Whether the page's component library writes style elements, which then get a nonce. */
  writesStyles?: boolean
}

export interface WebPagesOptions {
  pages: WebPage[]
  /** The page that is sent with status 404 for an unknown URL. */
  unknown: Pick<WebPage, 'entry'>
  /** The server's public URL. */
  url: string
  /** Returns the logo with this hash as a `data:` URL, for link preview pictures. */
  loadLogo(hash: string): Promise<string | undefined>
  /** Where `/` redirects to. */
  home: string
  /** Whether there is a mail server. If not, the pages do not say that an email was sent. */
  sendsMail: boolean
  /** The folder with the built pages. */
  folder?: string
}

/**
 * Serves the pages that people view. They have a strict Content-Security-Policy. Their data is in a script element that is not
 * executed. The name of every built file contains a content hash, so the file can be cached permanently.
 */
export async function registerWebPages(app: App, options: WebPagesOptions): Promise<void> {
  const { pages, unknown, home, url, sendsMail, folder = builtPages } = options
  const site = { folder, url, sendsMail }
  await registerFiles(app, folder)
  for (const page of pages) registerPage(app, site, page)
  registerPictures(app, options)
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
    // A page in a sandboxed frame has no origin, so even its own files come from another origin.
    setHeaders: (reply) => void reply.headers({ 'access-control-allow-origin': '*', ...loadableByOtherSites }),
  })
  for (const [path, type] of Object.entries(FIXED_FILES)) {
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

/** The files with fixed URLs that browsers, search engines and other sites request. */
const FIXED_FILES = {
  '/favicon.svg': 'image/svg+xml',
  '/favicon.ico': 'image/x-icon',
  '/favicon-192.png': 'image/png',
  '/favicon-512.png': 'image/png',
  '/apple-touch-icon.png': 'image/png',
  '/site.webmanifest': 'application/manifest+json',
  '/robots.txt': 'text/plain; charset=utf-8',
  '/embed.js': 'text/javascript; charset=utf-8',
}

function registerPage(app: App, site: Site, page: WebPage): void {
  app.get<PageRoute>(page.route, { schema: { hide: true } }, async (request, reply) => {
    if (isForPrograms(request)) return reply.callNotFound()
    const loaded = await page.load?.({ params: request.params, query: request.query, request })
    if (loaded && 'redirect' in loaded) return reply.header('cache-control', 'no-store').redirect(loaded.redirect)
    const tidy = page.load && !loaded && tidyAddress(request.url, { isLowerCase: page.isLowerCase ?? false })
    if (tidy) return reply.redirect(tidy)
    const status = page.load && !loaded ? 404 : 200
    return sendPage(reply, { ...page, ...site, loaded, status, look: lookOf(request) })
  })
}

type PageRoute = { Params: Record<string, string>; Querystring: Record<string, unknown> }

/** How many units a new picture costs the client. Drawing it takes about as many milliseconds. */
const PICTURE_UNITS = 100

/** Serves the link preview pictures. The picture's URL changes with the picture, so it can be cached for a long time. */
function registerPictures(app: App, { pages, loadLogo }: Pick<WebPagesOptions, 'pages' | 'loadLogo'>): void {
  const pictures = new PreviewPictures()
  app.addHook('onClose', () => pictures.stop())
  for (const page of pages.filter((page) => page.picture)) {
    app.get<PageRoute>(`/previews${page.route}.png`, { schema: { hide: true } }, async (request, reply) => {
      const picture = await page.picture?.(request.params)
      if (!picture) return reply.callNotFound()
      const isKnown = pictures.isKnown(picture)
      if (!isKnown) request.spendUnits?.(PICTURE_UNITS)
      const logo = picture.logo === undefined || isKnown ? undefined : await loadLogo(picture.logo)
      const png = await pictures.draw(picture, logo)
      if (!png) return sendRefusal(reply, refuse('not_ready', 'The picture could not be drawn. Try again later.'))
      return reply
        .headers({ 'cache-control': 'public, max-age=86400', ...loadableByOtherSites })
        .type('image/png')
        .send(Buffer.from(png))
    })
  }
}

/** For an unknown URL, a browser receives a page, and a program receives the problem document. */
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

/**
 * The theme that a link requests and how another site shows the page. The styles need them, because otherwise a dark page would
 * flash on a light site until the first script runs.
 */
function lookOf({ query, headers }: FastifyRequest<PageRoute>): Record<string, string> {
  const { theme, embed } = query
  const isFramed = headers['sec-fetch-dest'] === 'iframe'
  return {
    ...(theme === 'light' || theme === 'dark' ? { 'data-theme': theme } : {}),
    ...(isFramed && (embed === 'inline' || embed === 'popup') ? { 'data-embed': embed } : {}),
  }
}

/** The properties that all pages share. */
type Site = Required<Pick<WebPagesOptions, 'folder' | 'url' | 'sendsMail'>>

interface SentPage extends Omit<WebPage, 'route' | 'load' | 'picture'>, Site {
  status: number
  look?: Record<string, string>
  loaded?: PageData | undefined
}

async function sendPage(reply: FastifyReply, page: SentPage): Promise<FastifyReply> {
  const template = await readBuilt(join(page.folder, `${page.entry}.html`))
  if (template === undefined)
    return sendRefusal(
      reply,
      refuse('not_ready', 'The web pages have not been built. Start with `npm start`, which builds them.'),
    )
  const nonce = page.writesStyles ? randomBytes(16).toString('base64') : undefined
  const isListed = page.isEmbeddable === true && page.status === 200 && !page.loaded?.isHidden
  return reply
    .code(page.status)
    .headers({
      'content-security-policy': contentSecurityPolicy(page, nonce),
      'cache-control': 'no-store',
      'referrer-policy': page.isPrivate ? 'no-referrer' : 'strict-origin-when-cross-origin',
      ...(isListed ? {} : { 'x-robots-tag': 'noindex, nofollow' }),
      ...(page.isEmbeddable ? loadableByOtherSites : {}),
    })
    .type('text/html; charset=utf-8')
    .serializer(String)
    .send(fillTemplate(template.toString('utf8'), { ...page, look: page.look ?? {}, isListed, nonce }))
}

/**
 * Only our own scripts run. A nonce allows the component library's style elements. Logos belong to the organizations and can come
 * from anywhere.
 */
function contentSecurityPolicy({ isEmbeddable }: SentPage, nonce: string | undefined): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${nonce ? ` 'nonce-${nonce}'` : ''}`,
    "font-src 'self'",
    'img-src http: https: data:',
    "connect-src 'self'",
    "manifest-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${isEmbeddable ? '*' : "'self'"}`,
  ].join('; ')
}

/** Reads a built file each time, so that a development server serves the newest build. */
async function readBuilt(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
