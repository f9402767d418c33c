import { useMemo } from 'react'
import { prefersHour12, type View } from '../../time/wording.ts'
import type { Member } from '../client/members.ts'
import { useText } from '../i18n/text.ts'

/** How a member's times are shown: in the reader's language, and in the member's time zone, which the page names. */
export function useMemberView({ timezone }: Pick<Member, 'timezone'>): View {
  const { tag } = useText()
  return useMemo(() => ({ tag, zone: timezone, hour12: prefersHour12(tag) }), [tag, timezone])
}
