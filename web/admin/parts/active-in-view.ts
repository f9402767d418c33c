import { type RefObject, useEffect, useRef } from 'react'

/** For a row of tabs or links that scrolls horizontally. Scrolls the active one into view when it changes. */
export function useActiveInView<T extends HTMLElement>(active: string): RefObject<T | null> {
  const row = useRef<T>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs again when a different one is active
  useEffect(() => {
    const found = row.current?.querySelector('[aria-selected="true"], [aria-current="page"]')
    found?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [active])
  return row
}
