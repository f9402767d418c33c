type Rgb = [number, number, number]

const lightSurface: Rgb = [255, 254, 251]
const darkSurface: Rgb = [27, 28, 25]

/** The strength of the accent colour in `--accent-soft`. */
const TINT = 0.1

/** On a dark page, a nearly black button would not be visible. */
const LEAST_FILL = 2

/** The accent colours for a light and a dark page, as CSS values. */
export type Accent = {
  /** For text and lines. */
  light: string
  dark: string
  /** For buttons and selected items: the brand colour itself. */
  fillLight: string
  fillDark: string
  /** For text on buttons and selected items. */
  onLight: string
  onDark: string
}

/**
 * Colours that keep the organization's hue and are readable: the brand colour, darkened on light pages and lightened on
 * dark ones until text in it has a contrast of 4.5 (WCAG 1.4.3), even on surfaces tinted with it (`--accent-soft`).
 * Returns `null` for anything that is not `#rrggbb`.
 */
export function accentOf(brandColor: string | null | undefined): Accent | null {
  const match = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(brandColor ?? '')
  if (!match) return null
  const brand = match.slice(1).map((part) => Number.parseInt(part, 16)) as Rgb
  const light = moveUntilReadable(brand, [0, 0, 0], lightSurface)
  const dark = moveUntilReadable(brand, [255, 255, 255], darkSurface)
  const fillDark = contrast(brand, darkSurface) >= LEAST_FILL ? brand : dark
  return {
    light: toCss(light),
    dark: toCss(dark),
    fillLight: toCss(brand),
    fillDark: toCss(fillDark),
    onLight: textOn(brand),
    onDark: textOn(fillDark),
  }
}

/** Sets the accent colour of this document. Does nothing if the colour cannot be used. */
export function applyBrand(brandColor: string | null | undefined): void {
  const accent = accentOf(brandColor)
  if (!accent) return
  const { style } = document.documentElement
  style.setProperty('--accent-light', accent.light)
  style.setProperty('--accent-dark', accent.dark)
  style.setProperty('--fill-light', accent.fillLight)
  style.setProperty('--fill-dark', accent.fillDark)
  style.setProperty('--away-light', awayFrom(accent.onLight))
  style.setProperty('--away-dark', awayFrom(accent.onDark))
  style.setProperty('--on-accent-light', accent.onLight)
  style.setProperty('--on-accent-dark', accent.onDark)
}

function moveUntilReadable(color: Rgb, toward: Rgb, surface: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.04) {
    const mixed = mix(color, toward, share)
    if (contrast(mixed, mix(surface, mixed, TINT)) >= 4.7) return mixed
  }
  return toward
}

const mix = (from: Rgb, to: Rgb, share: number) =>
  from.map((value, at) => Math.round(value + ((to[at] ?? 0) - value) * share)) as Rgb

/**
 * Returns white if it is readable on the colour, otherwise the ink colour, otherwise black. One of them always has a contrast of
 * 4.5.
 */
function textOn(color: Rgb): string {
  if (contrast(color, [255, 255, 255]) >= 4.5) return '#ffffff'
  return contrast(color, [16, 19, 15]) >= 4.5 ? '#10130f' : '#000000'
}

/** The colour that a button changes towards under the pointer. It increases the contrast with the button's text. */
const awayFrom = (text: string) => (text === '#ffffff' ? '#000000' : '#ffffff')

const toCss = (color: Rgb) => `rgb(${color.join(' ')})`

/** Returns the contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance). */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((value) => {
    const share = value / 255
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
