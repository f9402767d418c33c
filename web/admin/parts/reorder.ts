import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react'

/** Returns the list with one item moved to another position. */
export const moved = <T>(list: readonly T[], from: number, to: number): T[] =>
  list.toSpliced(from, 1).toSpliced(to, 0, ...list.slice(from, from + 1))

type Reorder<Element extends HTMLElement> = {
  /** Props for the list element, whose children are the items in their order. */
  list: RefObject<Element | null>
  /** The index of the item that is being dragged. */
  dragged: number | null
  /** Props for an item's handle, which works by mouse, finger or pen, and with the arrow keys. */
  handle: (at: number) => {
    onPointerDown: (event: PointerEvent) => void
    onKeyDown: (event: KeyboardEvent) => void
  }
}

/** Changes the order of a list by dragging a handle. The items move while they are dragged. */
export function useReorder<Element extends HTMLElement>(
  count: number,
  move: (from: number, to: number) => void,
): Reorder<Element> {
  const list = useRef<Element>(null)
  const [dragged, setDragged] = useState<number | null>(null)
  const latest = useRef({ move, at: 0 })
  latest.current.move = move
  const isDragging = dragged !== null
  useEffect(() => {
    if (!isDragging) return
    // The listeners are on the window, because the handle moves in the document, which would end a pointer capture.
    const follow = ({ clientY }: globalThis.PointerEvent) => {
      const { at } = latest.current
      const to = placeAt(list.current, at, clientY)
      if (to === at) return
      latest.current.at = to
      latest.current.move(at, to)
      setDragged(to)
    }
    const stop = () => setDragged(null)
    addEventListener('pointermove', follow)
    for (const end of ['pointerup', 'pointercancel']) addEventListener(end, stop)
    return () => {
      removeEventListener('pointermove', follow)
      for (const end of ['pointerup', 'pointercancel']) removeEventListener(end, stop)
    }
  }, [isDragging])
  return {
    list,
    dragged,
    handle: (at) => ({
      onPointerDown: (event) => {
        if (event.button !== 0) return
        latest.current.at = at
        setDragged(at)
      },
      onKeyDown: (event) => {
        const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: count - 1 }[event.key]
        if (to === undefined) return
        event.preventDefault()
        if (to >= 0 && to < count && to !== at) move(at, to)
      },
    }),
  }
}

/**
 * Returns the item's new position when it is dragged to this height. The item moves past another item when it passes that item's
 * middle.
 */
function placeAt(list: HTMLElement | null, from: number, y: number): number {
  const middles = [...(list?.children ?? [])].map((item) => {
    const { top, height } = item.getBoundingClientRect()
    return top + height / 2
  })
  let at = from
  while (at > 0 && y < (middles[at - 1] ?? 0)) at--
  if (at < from) return at
  while (at < middles.length - 1 && y > (middles[at + 1] ?? 0)) at++
  return at
}
