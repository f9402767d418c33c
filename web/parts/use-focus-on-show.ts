import { useEffect, useRef } from 'react'

/** Moves the focus to a heading when its part of the page appears, so that a screen reader continues there. */
export function useFocusOnShow<Part extends HTMLElement = HTMLHeadingElement>() {
  const heading = useRef<Part>(null)
  useEffect(() => {
    heading.current?.focus()
  }, [])
  return heading
}
