import { useEffect, useRef } from 'react'

/** Moves the focus to a heading when its part of the page appears, so that a screen reader continues there. */
export function useFocusOnShow() {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus()
  }, [])
  return heading
}
