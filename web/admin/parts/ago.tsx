import { useEffect, useReducer } from 'react'
import { agoText, exactText } from './dates.ts'

const EVERY_MS = 10_000

/** How long ago something happened, such as "2 minutes ago". It stays correct while the page is open. */
export function Ago({ instant, text }: { instant: string; text: (ago: string) => string }) {
  const [, update] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    const timer = setInterval(update, EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <time dateTime={instant} title={exactText(instant)}>
      {text(agoText(instant))}
    </time>
  )
}
