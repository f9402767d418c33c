import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Icon } from './icon.tsx'

type SheetProps = { title: string; closeLabel: string; onClose: () => void; children: ReactNode }

/**
 * A modal dialog. The browser keeps the focus inside and closes the dialog on Escape. The focus then returns to the element that
 * had it before.
 */
export function Sheet({ title, closeLabel, onClose, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const element = dialog.current
    const opener = document.activeElement instanceof HTMLElement ? document.activeElement : null
    const place = opener?.getBoundingClientRect()
    if (element && !element.open) element.showModal()
    if (element && place && document.documentElement.dataset.embed === 'inline') placeNear(element, place)
    return () => {
      element?.close()
      // The dialog is no longer in the document, so the browser cannot restore the focus.
      if (document.activeElement === document.body) opener?.focus({ preventScroll: true })
    }
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: clicking the backdrop is a shortcut; Escape does the same
    <dialog
      ref={dialog}
      className="sheet"
      aria-labelledby={heading}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className="sheet-head">
        <h2 id={heading}>{title}</h2>
        <button type="button" className="icon-button" aria-label={closeLabel} onClick={onClose}>
          <Icon name="cross" />
        </button>
      </div>
      {children}
    </dialog>
  )
}

/** In a frame that is as tall as its content, the middle may be out of view, so the dialog opens near the button that opened it. */
function placeNear(dialog: HTMLElement, opener: DOMRect): void {
  const top = Math.min(opener.top - dialog.offsetHeight / 2, innerHeight - dialog.offsetHeight - 16)
  dialog.style.marginTop = `${Math.max(16, top)}px`
  dialog.style.marginBottom = 'auto'
}
