/*
 * The script that embeds a booking page in another site: inline, in a pop-up, or behind a floating button. It does not have
 * dependencies, styles only its own elements, and works in single-page applications.
 */

type Theme = 'light' | 'dark'

/** `page` is `team` or `team/intro`, optionally with a query (`team/intro?email=a@example.com`). */
type EmbedOptions = {
  page: string
  /** Defaults to the site's own theme. `auto` follows the visitor's device. */
  theme?: Theme | 'auto' | undefined
  lang?: string | undefined
  /** Whether the frame receives the `utm_` parameters in the site's own URL. */
  forwardUtm?: boolean | undefined
  /** The frame's title, for screen readers. */
  title?: string | undefined
  /** first_name, last_name, email, field__…, utm_… */
  prefill?: Record<string, string>
}

type FloatingOptions = EmbedOptions & { label?: string | undefined; color?: string | undefined }

/** The message to the site after a booking. It does not contain a link that would let someone change the meeting. */
export type BookedMessage = {
  source: 'bookbell'
  type: 'booked'
  page: string
  meeting_type: string
  status: string
  start: string
  end: string
}

type FrameMessage =
  | BookedMessage
  | { source: 'bookbell'; type: 'resize'; height: number }
  | { source: 'bookbell'; type: 'close' }

type Listener = (message: BookedMessage) => void

const script = (document.currentScript ??
  document.querySelector('script[src*="/embed.js"]')) as HTMLScriptElement | null
const origin = new URL(script?.src ?? location.href).origin
const frames = new Set<HTMLIFrameElement>()
const listeners = new Set<Listener>()

const words = {
  en: { close: 'Close', title: 'Book a meeting', label: 'Book a time' },
  de: { close: 'Schließen', title: 'Termin buchen', label: 'Termin buchen' },
  fr: { close: 'Fermer', title: 'Réserver un rendez-vous', label: 'Réserver' },
  es: { close: 'Cerrar', title: 'Reservar una reunión', label: 'Reservar' },
  pt: { close: 'Fechar', title: 'Reservar uma reunião', label: 'Reservar' },
}

/** The few texts outside the frame. They are in the frame's language or, if it is not set, in the site's. */
function wordsOf({ lang }: EmbedOptions) {
  const code = (lang || document.documentElement.lang || navigator.language).slice(0, 2).toLowerCase()
  return Object.hasOwn(words, code) ? words[code as keyof typeof words] : words.en
}

/** A site that does not declare a theme gets the light theme, the only theme that earlier versions had. */
function themeOf({ theme }: EmbedOptions, element: Element): Theme {
  if (theme === 'light' || theme === 'dark') return theme
  const meta = document.querySelector<HTMLMetaElement>('meta[name="color-scheme"]')?.content ?? ''
  const { colorScheme } = getComputedStyle(element)
  const known = (colorScheme === 'normal' ? meta : colorScheme).split(/\s+/)
  const prefersDark = matchMedia('(prefers-color-scheme: dark)').matches
  if (theme === 'auto' || (known.includes('dark') && known.includes('light'))) return prefersDark ? 'dark' : 'light'
  return known.includes('dark') ? 'dark' : 'light'
}

function addressOf(options: EmbedOptions, { mode, theme }: { mode: 'inline' | 'popup'; theme: Theme }): string {
  const address = new URL(options.page.replace(/^\/+/, ''), `${origin}/`)
  if (address.origin !== origin) throw new Error(`Bookbell: ${options.page} is not a page of ${origin}`)
  address.searchParams.set('embed', mode)
  for (const [name, value] of Object.entries(options.prefill ?? {})) address.searchParams.set(name, value)
  if (options.forwardUtm) forwardUtm(address.searchParams)
  address.searchParams.set('theme', theme)
  if (options.lang) address.searchParams.set('lang', options.lang)
  return address.href
}

/** Parameters that the embed already has are kept. */
function forwardUtm(query: URLSearchParams): void {
  for (const [name, value] of new URLSearchParams(location.search))
    if (name.startsWith('utm_') && !query.has(name)) query.set(name, value)
}

function createFrame(
  options: EmbedOptions,
  { mode, theme }: { mode: 'inline' | 'popup'; theme: Theme },
): HTMLIFrameElement {
  const frame = document.createElement('iframe')
  frame.src = addressOf(options, { mode, theme })
  frame.title = options.title ?? wordsOf(options).title
  Object.assign(frame.style, {
    display: 'block',
    width: '100%',
    height: mode === 'popup' ? '100%' : '44rem',
    border: '0',
    colorScheme: theme, // A frame whose colour scheme differs from its page's has an opaque background.
    background: 'transparent',
  })
  frames.add(frame)
  return frame
}

/** Shows a booking page inside an element, as tall as its content. Returns a function that removes it. */
function inline(element: Element, options: EmbedOptions): () => void {
  const frame = createFrame(options, { mode: 'inline', theme: themeOf(options, element) })
  element.replaceChildren(frame)
  return () => {
    frames.delete(frame)
    frame.remove()
  }
}

const popupStyle = `
  dialog { width: min(70rem, calc(100vw - 2rem)); height: min(48rem, calc(100dvh - 2rem)); max-width: none; max-height: none;
    padding: 0; border: 0; border-radius: 20px; overflow: hidden; background: var(--surface); color: var(--ink); }
  dialog[open] { display: grid; grid-template-rows: auto minmax(0, 1fr); }
  dialog::backdrop { background: rgb(20 18 12 / 55%); }
  .light { --surface: #fffefb; --ink: #1d1b16; }
  .dark { --surface: #1b1c19; --ink: #f2efe7; }
  button { justify-self: end; width: 40px; height: 40px; margin: 6px 8px 2px; border: 0; border-radius: 50%;
    background: rgb(127 127 127 / 18%); color: inherit; font: 22px/1 system-ui; cursor: pointer; }
  button:focus-visible { outline: 3px solid currentcolor; outline-offset: -4px; }
  @media (max-width: 40rem) { dialog { width: 100vw; height: 100dvh; border-radius: 0; } }
`

const floatingStyle = `
  button { position: fixed; inset: auto 24px 24px auto; z-index: 2147483000; min-height: 52px; padding: 0 24px; border: 0;
    border-radius: 26px; background: var(--color); color: #fff; font: 600 16px/1 system-ui, sans-serif; cursor: pointer;
    box-shadow: 0 8px 28px rgb(0 0 0 / 25%); transition: transform 140ms; }
  button:hover { transform: translateY(-2px); }
  button:focus-visible { outline: 3px solid var(--color); outline-offset: 3px; }
  @media (prefers-reduced-motion: reduce) { button { transition: none; } }
`

/**
 * Creates an element whose content is not affected by the site's styles. A site's Content-Security-Policy does not
 * block constructed style sheets.
 */
function createHost(style: string): { host: HTMLElement; inside: ShadowRoot } {
  const host = document.createElement('div')
  const inside = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(style)
  inside.adoptedStyleSheets = [sheet]
  document.body.append(host)
  return { host, inside }
}

/** Shows a booking page in a dialog above the site. Returns a function that closes it. */
function popup(options: EmbedOptions): () => void {
  const theme = themeOf(options, document.documentElement)
  const frame = createFrame(options, { mode: 'popup', theme })
  const { host, inside } = createHost(popupStyle)
  const dialog = document.createElement('dialog')
  dialog.className = theme
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = '×'
  button.ariaLabel = wordsOf(options).close
  dialog.append(button, frame)
  inside.append(dialog)
  const close = () => dialog.close()
  button.onclick = close
  dialog.onclick = (event) => event.target === dialog && close()
  dialog.onclose = () => {
    frames.delete(frame)
    host.remove()
  }
  dialog.showModal()
  return close
}

/** Shows a button in the corner of the site that opens the pop-up. Returns a function that removes it. */
function floating(options: FloatingOptions): () => void {
  const { host, inside } = createHost(floatingStyle)
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = options.label ?? wordsOf(options).label
  button.style.setProperty('--color', options.color ?? '#0e6b54')
  button.onclick = () => popup(options)
  inside.append(button)
  return () => host.remove()
}

/** Calls the listener after each booking on this site. Returns a function that unsubscribes it. */
function onBooked(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function receive(event: MessageEvent): void {
  if (event.origin !== origin) return
  const frame = [...frames].find(({ contentWindow }) => contentWindow === event.source)
  const message = event.data as FrameMessage | null
  if (!frame || message?.source !== 'bookbell') return
  if (message.type === 'resize' && frame.style.height !== '100%') frame.style.height = `${Math.ceil(message.height)}px`
  if (message.type === 'close') frame.closest('dialog')?.close()
  if (message.type !== 'booked') return
  for (const listener of listeners) listener(message)
  const target = frame.isConnected && frame.getRootNode() === document ? frame : document
  target.dispatchEvent(new CustomEvent('bookbell:booked', { bubbles: true, detail: message }))
}

function optionsOf({ dataset }: HTMLElement, page: string): EmbedOptions {
  const theme = themes.find((known) => known === dataset.theme)
  const asked = dataset.forwardUtm ?? script?.dataset.forwardUtm
  const forwards = asked !== undefined && asked !== 'false'
  return { page, theme, lang: dataset.lang, title: dataset.title, forwardUtm: forwards }
}

const themes = ['light', 'dark', 'auto'] as const

/** A mistake in one embed is shown in the console and does not affect any other embed. */
function attempt(embed: () => unknown): void {
  try {
    embed()
  } catch (error) {
    console.warn(error)
  }
}

/** The page names that could not be shown. An element is only retried if its page name has changed. */
const wrong = new WeakMap<Element, string>()

/** Fills every element with `data-bookbell` that is still empty. */
function fillElements(): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-bookbell]')) {
    const page = element.dataset.bookbell
    if (!page || element.querySelector('iframe') || wrong.get(element) === page) continue
    wrong.set(element, page)
    attempt(() => {
      inline(element, optionsOf(element, page))
      wrong.delete(element)
    })
  }
  for (const frame of frames) if (!frame.isConnected) frames.delete(frame)
}

/** One listener for all elements with `data-bookbell-popup`, including those added later. */
function openFromClick(event: MouseEvent): void {
  const element = (event.target as Element | null)?.closest<HTMLElement>('[data-bookbell-popup]')
  const page = element?.dataset.bookbellPopup
  if (!element || !page) return
  event.preventDefault()
  attempt(() => popup(optionsOf(element, page)))
}

function start(): void {
  addEventListener('message', receive)
  document.addEventListener('click', openFromClick)
  fillElements()
  new MutationObserver(fillElements).observe(document.documentElement, { childList: true, subtree: true })
  const page = script?.dataset.floating
  if (!script || !page) return
  attempt(() => floating({ ...optionsOf(script, page), label: script.dataset.label, color: script.dataset.color }))
}

declare global {
  var Bookbell:
    | undefined
    | { inline: typeof inline; popup: typeof popup; floating: typeof floating; onBooked: typeof onBooked }
}

// If a site loads the script twice, the first copy stays.
if (!globalThis.Bookbell) {
  globalThis.Bookbell = { inline, popup, floating, onBooked }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start)
  else start()
}
