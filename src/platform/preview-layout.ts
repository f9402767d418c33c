import { inkOn } from './ink-on.ts'

/** The content of a link preview picture. */
export interface PreviewPicture {
  title: string
  organization: string
  /** A short line at the bottom, such as `30 min`. It may be empty. */
  detail: string
  /** `#rrggbb`. */
  color: string
  /** The hash of the uploaded logo, which is shown instead of the initial. */
  logo?: string
}

/** The size that link previews expect. */
export const WIDTH = 1200
export const HEIGHT = 630

const BELL = 'M9 21.5c1.6-1.4 2-3.4 2-6.2a5 5 0 0 1 10 0c0 2.8.4 4.8 2 6.2z'
const CLAPPER = 'M13.6 24a2.5 2.5 0 0 0 4.8 0'

/** The picture as boxes and texts, in the renderer's format. `logo` is a `data:` URL. */
export function drawPicture({ title, organization, detail, color }: PreviewPicture, logo?: string) {
  const [name, firm, line] = [title, organization, detail].map(toDrawable) as [string, string, string]
  const heading = name || firm
  return box({ width: '100%', height: '100%', flexDirection: 'column', backgroundColor: '#fffefb', color: '#1d1b16' }, [
    box({ flexDirection: 'column', flexGrow: 1, justifyContent: 'space-between', padding: '64px 72px 56px' }, [
      box({ alignItems: 'center', gap: 24 }, [
        logo ? logoMark(logo) : mark(firm, color),
        ...(firm && firm !== heading ? [text(firm, { fontSize: 38, color: '#5d584d', lineClamp: 1 })] : []),
      ]),
      ...(heading ? [text(heading, headingStyle(heading))] : []),
      text(line, { fontSize: 34, color: '#5d584d', lineClamp: 1 }),
    ]),
    box({ height: 20, width: '100%', backgroundColor: color }, []),
  ])
}

const MARK_SIDE = 84

/** A logo in any proportions, as tall as the initial. */
function logoMark(logo: string): Drawing {
  return { type: 'image', src: logo, style: { height: MARK_SIDE, maxWidth: MARK_SIDE * 4, borderRadius: 12 } }
}

/** The organization's initial, or a bell if its script cannot be drawn. */
function mark(organization: string, color: string) {
  const ink = inkOn(color)
  const tile = {
    width: MARK_SIDE,
    height: MARK_SIDE,
    borderRadius: 22,
    backgroundColor: color,
    alignItems: 'center',
    justifyContent: 'center',
  }
  const [initial] = organization
  if (initial) return box(tile, [text(initial.toUpperCase(), { fontSize: 46, fontWeight: 700, color: ink })])
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="${BELL}" fill="${ink}"/><path d="${CLAPPER}" fill="none" stroke="${ink}" stroke-width="1.9" stroke-linecap="round"/></svg>`
  return box(tile, [{ type: 'image' as const, src: svg, style: { width: MARK_SIDE, height: MARK_SIDE } }])
}

/** Long names are set in smaller type and end with an ellipsis after three lines. */
function headingStyle(heading: string): Style {
  const fontSize = heading.length > 60 ? 60 : heading.length > 30 ? 76 : 92
  return {
    fontSize,
    fontWeight: 700,
    lineHeight: 1.12,
    lineClamp: 3,
    textOverflow: 'ellipsis',
    overflowWrap: 'anywhere',
  }
}

type Style = Record<string, string | number>
type Drawing =
  | { type: 'container'; style: Style; children: Drawing[] }
  | { type: 'text'; text: string; style: Style }
  | { type: 'image'; src: string; style: Style }

const box = (style: Style, children: Drawing[]): Drawing => ({
  type: 'container',
  style: { display: 'flex', fontFamily: 'Figtree', ...style },
  children,
})
const text = (content: string, style: Style): Drawing => ({ type: 'text', text: content, style })

/** All characters except those in the typeface: Latin letters, digits, and common signs. */
const UNKNOWN = /[^\u0020-\u007e\u00a0-\u024f\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20ac\u2122]/gu

/**
 * Returns the text without emoji and control characters. Returns an empty text if it has letters from a script that the typeface
 * lacks.
 */
export function toDrawable(given: string): string {
  const composed = given.normalize('NFC')
  if (composed.match(UNKNOWN)?.some((character) => /[\p{L}\p{N}]/u.test(character))) return ''
  return composed.replaceAll(UNKNOWN, ' ').replaceAll(/\s+/g, ' ').trim()
}
