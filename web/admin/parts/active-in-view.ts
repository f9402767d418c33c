import { type RefObject, useEffect, useRef } from 'react'

/** For a row of tabs or links that scrolls sideways: shows the active one whenever another becomes it. */
export function useActiveInView<T extends HTMLElement>(active: string): RefObject<T | null> {
  const row = useRef<T>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another one is active
  useEffect(() => {
    const found = row.current?.querySelector('[aria-selected="true"], [aria-current="page"]')
    found?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [active])
  return row
}
