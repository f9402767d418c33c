import { useState } from 'react'
import type { Host } from '../api/public-api.ts'
import { fullName } from './meeting-facts.tsx'

/** A host's photo or initials. It has no alternative text, because it is shown next to the name. */
export function HostAvatar({ host }: { host: Host }) {
  const [broken, setBroken] = useState(false)
  if (host.photo_url && !broken)
    return <img className="host-avatar" src={host.photo_url} alt="" onError={() => setBroken(true)} />
  return (
    <span className="host-avatar" aria-hidden="true">
      {initialsOf(fullName(host))}
    </span>
  )
}

/** Up to three hosts, overlapping each other. */
export function HostAvatars({ hosts }: { hosts: Host[] }) {
  return (
    <span className="host-avatars">
      {hosts.slice(0, MOST_SHOWN).map((host) => (
        <HostAvatar key={host.id} host={host} />
      ))}
    </span>
  )
}

const MOST_SHOWN = 3

/** Returns the initials of the first and the last word: `ML`. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => (word ? [...word][0] : ''))
  return letters.join('').toUpperCase()
}
