import { inkOn } from '../platform/ink-on.ts'

/** An email before it is written as text or HTML. Everything in it is plain text; only the two writers below escape it. */
export interface MailLayout {
  /** The language tag, for the HTML. */
  locale: string
  subject: string
  heading: string
  lines: string[]
  facts: Fact[]
  quote: { title: string; text: string } | null
  actions: { label: string; url: string }[]
  /** The text after a label. Some languages put a space before the colon. */
  colon: string
  footer: string
}

export interface Fact {
  label: string
  value: string
  /** Makes the value a link. Must be http or https. */
  url?: string | undefined
}

/** The organization's branding. */
export interface Brand {
  /** `#rrggbb` */
  color: string | null
  /** http or https. */
  logoUrl: string | null
  name: string
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

const INK = '#1f2328'
const QUIET = '#667079'
const ACCENT = '#2f5bd0'

/** Writes HTML that email clients display consistently: tables, inline styles, no scripts, no external styles. */
export function layoutHtml(layout: MailLayout, brand: Brand): string {
  const accent = brand.color ?? ACCENT
  const body = [
    brand.logoUrl
      ? `<img src="${escapeHtml(brand.logoUrl)}" alt="${escapeHtml(brand.name)}" height="40" style="display:block;margin-bottom:24px;border:0">`
      : '',
    `<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">${escapeHtml(layout.heading)}</h1>`,
    ...layout.lines.map((line) => `<p style="margin:0 0 16px">${escapeHtml(line)}</p>`),
    factsHtml(layout.facts),
    quoteHtml(layout, accent),
    actionsHtml(layout.actions, accent),
    `<p style="margin:32px 0 0;font-size:13px;color:${QUIET}">${escapeHtml(layout.footer)}</p>`,
  ]
  return `<!doctype html>
<html lang="${escapeHtml(layout.locale)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(layout.subject)}</title></head>
<body style="margin:0;padding:24px;background:#f5f6f8;color:${INK};font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
<table role="presentation" cellpadding="0" cellspacing="0" style="width:100%;max-width:560px;margin:0 auto;background:#ffffff;border-top:4px solid ${accent};border-radius:8px"><tr><td dir="auto" style="padding:32px;overflow-wrap:anywhere">
${body.filter((part) => part !== '').join('\n')}
</td></tr></table>
</body>
</html>
`
}

function factsHtml(facts: Fact[]): string {
  if (facts.length === 0) return ''
  const rows = facts.map(
    (fact) =>
      `<tr><th scope="row" style="padding:4px 16px 4px 0;text-align:left;vertical-align:top;font-weight:600;color:${QUIET}">${escapeHtml(fact.label)}</th><td dir="auto" style="padding:4px 0;vertical-align:top">${valueHtml(fact)}</td></tr>`,
  )
  return `<table cellpadding="0" cellspacing="0" style="margin:0 0 16px">${rows.join('')}</table>`
}

function valueHtml({ value, url }: Fact): string {
  const text = multilineHtml(value)
  return url && isWebUrl(url) ? `<a href="${escapeHtml(url)}">${text}</a>` : text
}

function quoteHtml({ quote }: MailLayout, accent: string): string {
  if (!quote) return ''
  const style = `margin:0 0 16px;padding:8px 16px;border-left:3px solid ${accent};background:#f5f6f8`
  return `<p style="margin:0 0 8px">${escapeHtml(quote.title)}</p>\n<blockquote dir="auto" style="${style}">${multilineHtml(quote.text)}</blockquote>`
}

function actionsHtml(actions: MailLayout['actions'], accent: string): string {
  const links = actions.map(({ label, url }, index) => {
    const style =
      index === 0
        ? `display:inline-block;padding:10px 18px;background:${accent};color:${inkOn(accent)};border-radius:6px;text-decoration:none;font-weight:600`
        : `color:${INK}`
    return `<p style="margin:16px 0 0"><a href="${escapeHtml(url)}" style="${style}">${escapeHtml(label)}</a></p>`
  })
  return links.join('\n')
}

/** Whether the URL is http or https, and not `javascript:` or similar. */
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
