import type { Schedule } from '../client/availability.ts'

/** What of a schedule is edited. */
export type ScheduleDraft = Pick<Schedule, 'name' | 'timezone' | 'default' | 'weekly' | 'overrides'>

export const draftOf = ({ name, timezone, default: isDefault, weekly, overrides }: Schedule): ScheduleDraft => ({
  name,
  timezone,
  default: isDefault,
  weekly,
  overrides,
})
