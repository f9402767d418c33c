/*
 * The script that embeds a booking page in another site: inline, in a pop-up, or behind a floating button. It has no
 * dependencies, styles only its own elements, and works in single-page applications.
 */

/** `page` is `team` or `team/intro`, optionally with a query (`team/intro?email=a@example.com`). */
type EmbedOptions = {
  page: string
  theme?: 'light' | 'dark' | undefined
  lang?: string | undefined
  /** The title of the frame, for screen readers. */
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

function addressOf(options: EmbedOptions, mode: 'inline' | 'popup'): string {
  const address = new URL(options.page.replace(/^\/+/, ''), `${origin}/`)
  if (address.origin !== origin) throw new Error(`Bookbell: ${options.page} is not a page of ${origin}`)
  address.searchParams.set('embed', mode)
  for (const [name, value] of Object.entries(options.prefill ?? {})) address.searchParams.set(name, value)
  if (options.theme) address.searchParams.set('theme', options.theme)
  if (options.lang) address.searchParams.set('lang', options.lang)
  return address.href
}

function createFrame(options: EmbedOptions, mode: 'inline' | 'popup'): HTMLIFrameElement {
  const frame = document.createElement('iframe')
  frame.src = addressOf(options, mode)
  frame.title = options.title ?? 'Book a meeting'
  Object.assign(frame.style, {
    display: 'block',
    width: '100%',
    height: mode === 'popup' ? '100%' : '44rem',
    border: '0',
    colorScheme: 'normal', // otherwise, a dark site gives a light frame an opaque background
    background: 'transparent',
  })
  frames.add(frame)
  return frame
}

/** Shows a booking page inside an element, as tall as its content. Returns a function that removes it. */
function inline(element: Element, options: EmbedOptions): () => void {
  const frame = createFrame(options, 'inline')
  element.replaceChildren(frame)
  return () => {
    frames.delete(frame)
    frame.remove()
  }
}

const popupStyle = `
  dialog { width: min(70rem, calc(100vw - 2rem)); height: min(48rem, calc(100dvh - 2rem)); max-width: none; max-height: none;
    padding: 0; border: 0; border-radius: 20px; overflow: hidden; background: transparent; }
  dialog::backdrop { background: rgb(20 18 12 / 55%); }
  button { position: absolute; inset: 10px 10px auto auto; width: 40px; height: 40px; border: 0; border-radius: 50%;
    background: rgb(127 127 127 / 18%); color: CanvasText; font: 22px/1 system-ui; cursor: pointer; }
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
  const { host, inside } = createHost(popupStyle)
  const dialog = document.createElement('dialog')
  const frame = createFrame(options, 'popup')
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = '×'
  button.ariaLabel = 'Close'
  dialog.append(frame, button)
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
  button.textContent = options.label ?? 'Book a time'
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
  const theme = dataset.theme === 'light' || dataset.theme === 'dark' ? dataset.theme : undefined
  return { page, theme, lang: dataset.lang, title: dataset.title }
}

/** Fills every element with `data-bookbell` that is still empty. */
function fillElements(): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-bookbell]')) {
    const page = element.dataset.bookbell
    if (page && !element.querySelector('iframe')) inline(element, optionsOf(element, page))
  }
  for (const frame of frames) if (!frame.isConnected) frames.delete(frame)
}

/** One listener for all elements with `data-bookbell-popup`, including those added later. */
function openFromClick(event: MouseEvent): void {
  const element = (event.target as Element | null)?.closest<HTMLElement>('[data-bookbell-popup]')
  const page = element?.dataset.bookbellPopup
  if (!element || !page) return
  event.preventDefault()
  popup(optionsOf(element, page))
}

function start(): void {
  addEventListener('message', receive)
  document.addEventListener('click', openFromClick)
  fillElements()
  new MutationObserver(fillElements).observe(document.documentElement, { childList: true, subtree: true })
  const page = script?.dataset.floating
  if (script && page) floating({ ...optionsOf(script, page), label: script.dataset.label, color: script.dataset.color })
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
