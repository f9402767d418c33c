import { HEIGHT, type PreviewPicture, WIDTH } from './preview-layout.ts'
import { versionOf } from './preview-pictures.ts'

/** The initial data of a page, so that it does not need to fetch any. `title` and `description` are used in link previews. */
export interface PageData {
  title: string
  description: string | null
  /** The same JSON that the public API returns, under the names that the page reads. */
  data: Record<string, unknown>
  /** The content of previews of a link to a public page. The picture is at `/previews` + `path` + `.png`. */
  preview?: { path: string; siteName: string; picture: PreviewPicture }
  /** Whether the page is public but must not be listed by search engines. */
  isHidden?: boolean
}

/** A page before it is sent: its template and the values to insert. */
export interface FilledPage {
  loaded?: PageData | undefined
  /** The server's public URL. */
  url: string
  sendsMail: boolean
  /** Whether search engines may list the page. */
  isListed: boolean
  /** Attributes of the root element that the styles use before the first script runs. */
  look: Record<string, string>
  /** The nonce for the style elements of a component library, if the page has one. */
  nonce: string | undefined
}

/** Inserts the title and the data into the built page. */
export function fillTemplate(template: string, { loaded, url, sendsMail, isListed, nonce, look }: FilledPage): string {
  const head = [
    ...(nonce ? [`<meta property="csp-nonce" nonce="${nonce}">`] : []),
    ...(isListed ? [] : ['<meta name="robots" content="noindex, nofollow">']),
    ...(loaded ? [...previewTags(loaded, url), dataElement(loaded.data)] : []),
  ]
  const titled = loaded
    ? template.replace(/<title>[^<]*<\/title>/, () => `<title>${escapeHtml(loaded.title)}</title>`)
    : template
  const attributes = Object.entries({ ...look, ...(sendsMail ? {} : { 'data-mail': 'none' }) })
    .map(([name, value]) => ` ${name}="${escapeHtml(value)}"`)
    .join('')
  return titled.replace('<html', `<html${attributes}`).replace('</head>', () => `${head.join('\n    ')}\n  </head>`)
}

/** The Open Graph properties that messengers and social networks read, and those of X. */
function previewTags({ title, description, preview }: PageData, url: string): string[] {
  const text = description?.replaceAll(/\s+/g, ' ').slice(0, 300)
  const described = text ? [`<meta name="description" property="og:description" content="${escapeHtml(text)}">`] : []
  const titled = [property('og:title', title), ...described]
  if (!preview) return titled
  const address = `${url}${preview.path}`
  return [
    ...titled,
    `<link rel="canonical" href="${escapeHtml(address)}">`,
    property('og:type', 'website'),
    property('og:url', address),
    property('og:site_name', preview.siteName),
    property('og:image', `${url}/previews${preview.path}.png?v=${versionOf(preview.picture)}`),
    property('og:image:type', 'image/png'),
    property('og:image:width', String(WIDTH)),
    property('og:image:height', String(HEIGHT)),
    property('og:image:alt', title),
    '<meta name="twitter:card" content="summary_large_image">',
  ]
}

const property = (name: string, content: string) => `<meta property="${name}" content="${escapeHtml(content)}">`

/** A script element with a type that browsers do not run. `<` is escaped, so the data cannot end the element. */
function dataElement(data: Record<string, unknown>): string {
  return `<script type="application/json" id="bookbell-data">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character)
}
