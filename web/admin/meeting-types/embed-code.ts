type Embedded = {
  origin: string
  /** `page/meeting-type`. */
  path: string
  /** The button's text. */
  label: string
}

const escaped: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeHtml = (text: string) => text.replaceAll(/[&<>"]/g, (sign) => escaped[sign] ?? sign)

/** Returns the HTML that embeds a booking page in another site, in one of the three ways in docs/embedding.md. */
export function embeds({ origin, path, label }: Embedded) {
  const script = `<script src="${origin}/embed.js" async></script>`
  return {
    inline: `<div data-bookbell="${path}"></div>\n${script}`,
    popup: `<button data-bookbell-popup="${path}">${escapeHtml(label)}</button>\n${script}`,
    floating: `<script src="${origin}/embed.js" async\n  data-floating="${path}" data-label="${escapeHtml(label)}"></script>`,
  }
}
