import { useLocation, useNavigate, useRouter } from '@tanstack/react-router'
import { useRef } from 'react'

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The page's open dialog. */
    dialog?: string
  }
}

export type HistoryDialog = {
  /** The name of the open dialog. */
  opened: string | undefined
  open: (name: string) => void
  close: () => void
}

/** Keeps a page's open dialog as a step in the browser's history, so that Back closes it. */
export function useHistoryDialog(): HistoryDialog {
  const { history } = useRouter()
  const navigate = useNavigate()
  const opened = useLocation({ select: ({ state }) => state.dialog })
  // Going back takes a moment. A second call during that time would leave the page.
  const isClosing = useRef(false)
  return {
    opened,
    open: (dialog) => void navigate({ to: '.', search: true, state: { dialog }, resetScroll: false }),
    close: () => {
      if (!history.location.state.dialog || isClosing.current) return
      isClosing.current = true
      addEventListener('popstate', () => (isClosing.current = false), { once: true })
      history.back()
    },
  }
}
