import type { ReactNode } from 'react'
import { Bell } from './icon.tsx'

/** A page with a single card, shown before anyone is signed in. */
export function Entrance({ children }: { children: ReactNode }) {
  return (
    <div className="entrance">
      <header className="entrance-brand">
        <span className="entrance-mark">
          <Bell size={20} />
        </span>
        Bookbell
      </header>
      <main className="entrance-card">{children}</main>
    </div>
  )
}
