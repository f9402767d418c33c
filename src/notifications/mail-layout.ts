import { inkOn } from '../platform/ink-on.ts'

/** An email before it is written as text or HTML. All its texts are plain. Only the two writers below escape them. */
export interface MailLayout {
  /** The language tag for the HTML. */
  locale: string
  subject: string
  heading: string
  lines: string[]
  facts: Fact[]
  quote: { title: string; text: string } | null
  actions: { label: string; url: string }[]
  /** The punctuation after a label. Some languages put a space before the colon. */
  colon: string
  footer: string
}

export interface Fact {
  label: string
  value: string
  /** Makes the value a link. The URL must be http or https. */
  url?: string | undefined
}

/** The organization's branding. */
export interface Brand {
  /** `#rrggbb` */
  color: string | null
  /** An http or https URL. */
  logoUrl: string | null
  name: string
  /** The organization's default language (BCP 47). */
  language: string | null
}

/** Writes plain text. Text written by people is quoted with `> `, so that it cannot be mistaken for ours. */
export function layoutText(layout: MailLayout): string {
  const { heading, lines, facts, quote, actions, colon, footer } = layout
  const parts = [
    heading,
    ...lines,
    facts.map(({ label, value }) => `${label}${colon} ${value.replaceAll('\n', '\n    ')}`).join('\n'),
    quote ? `${quote.title}\n${quote.text.replace(/^/gm, '> ')}` : '',
    actions.map(({ label, url }) => `${label}${colon}\n${url}`).join('\n\n'),
    `-- \n${footer}`,
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/* The colours of the web pages (web/styles/tokens.css). */
const INK = '#1d1b16'
const QUIET = '#5d584d'
const ACCENT = '#0e6b54'
const CANVAS = '#f4f2ec'
const SURFACE = '#fffefb'
const SOFT = '#f8f6f0'
const LINE = '#e6e2d7'

/**
 * For email clients that show dark emails. The inline styles are for light emails, and these styles override them. Clients that
 * support neither show the light email.
 */
const DARK = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.canvas{background:#121311 !important;color:#f2efe7 !important}
.card{background:#1b1c19 !important;border-right-color:#33342f !important;border-bottom-color:#33342f !important;border-left-color:#33342f !important}
.quiet{color:#b1ada2 !important;border-color:#33342f !important}
.soft{background:#232420 !important}
.link{color:#f2efe7 !important}
}`

/** Writes HTML that email clients display consistently: tables, inline styles, no scripts, no external styles. */
export function layoutHtml(layout: MailLayout, brand: Brand): string {
  const accent = brand.color ?? ACCENT
  const body = [
    brandHtml(brand),
    `<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">${escapeHtml(layout.heading)}</h1>`,
    ...layout.lines.map((line) => `<p style="margin:0 0 16px">${escapeHtml(line)}</p>`),
    factsHtml(layout.facts),
    quoteHtml(layout, accent),
    actionsHtml(layout.actions, accent),
    `<p class="quiet" style="margin:32px 0 0;padding-top:16px;border-top:1px solid ${LINE};font-size:13px;color:${QUIET}">${escapeHtml(layout.footer)}</p>`,
  ]
  return `<!doctype html>
<html lang="${escapeHtml(layout.locale)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${escapeHtml(layout.subject)}</title><style>${DARK}</style></head>
<body class="canvas" style="margin:0;padding:24px 12px;background:${CANVAS};color:${INK};font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
<table class="card" role="presentation" cellpadding="0" cellspacing="0" style="width:100%;max-width:560px;margin:0 auto;background:${SURFACE};border:1px solid ${LINE};border-top:4px solid ${accent};border-radius:16px"><tr><td dir="auto" style="padding:32px;overflow-wrap:anywhere">
${body.filter((part) => part !== '').join('\n')}
</td></tr></table>
</body>
</html>
`
}

/** The logo with the name, as on the pages. Screen readers read the name only once, as the logo's alternative text. */
function brandHtml({ logoUrl, name }: Brand): string {
  const logo =
    logoUrl && isWebUrl(logoUrl)
      ? `<img src="${escapeHtml(logoUrl)}" alt="${escapeHtml(name)}" height="40" style="vertical-align:middle;margin-right:12px;border:0;border-radius:8px">`
      : ''
  return `<p style="margin:0 0 24px;font-weight:650">${logo}<span dir="auto"${logo ? ' aria-hidden="true"' : ''}>${escapeHtml(name)}</span></p>`
}

function factsHtml(facts: Fact[]): string {
  if (facts.length === 0) return ''
  const rows = facts.map(
    (fact) =>
      `<tr><th class="quiet" scope="row" style="padding:4px 16px 4px 0;overflow-wrap:break-word;text-align:left;vertical-align:top;font-weight:600;color:${QUIET}">${escapeHtml(fact.label)}</th><td dir="auto" style="padding:4px 0;vertical-align:top">${valueHtml(fact)}</td></tr>`,
  )
  return `<table cellpadding="0" cellspacing="0" style="margin:0 0 16px">${rows.join('')}</table>`
}

function valueHtml({ value, url }: Fact): string {
  const text = multilineHtml(value)
  return url && isWebUrl(url) ? `<a class="link" href="${escapeHtml(url)}" style="color:${INK}">${text}</a>` : text
}

function quoteHtml({ quote }: MailLayout, accent: string): string {
  if (!quote) return ''
  const style = `margin:0 0 16px;padding:8px 16px;border-left:3px solid ${accent};background:${SOFT}`
  return `<p style="margin:0 0 8px">${escapeHtml(quote.title)}</p>\n<blockquote class="soft" dir="auto" style="${style}">${multilineHtml(quote.text)}</blockquote>`
}

function actionsHtml(actions: MailLayout['actions'], accent: string): string {
  const links = actions.map(({ label, url }, index) => {
    const style =
      index === 0
        ? `display:inline-block;padding:10px 18px;background:${accent};color:${inkOn(accent)};border-radius:12px;text-decoration:none;font-weight:600`
        : `color:${INK}`
    return `<p style="margin:16px 0 0"><a${index === 0 ? '' : ' class="link"'} href="${escapeHtml(url)}" style="${style}">${escapeHtml(label)}</a></p>`
  })
  return links.join('\n')
}

/** Returns whether the URL is http or https, and not `javascript:` or similar. */
export function isWebUrl(url: string): boolean {
  return /^https?:\/\//i.test(url)
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}

function multilineHtml(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br>')
}
