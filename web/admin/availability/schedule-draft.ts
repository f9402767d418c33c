import type { Schedule } from '../client/availability.ts'

/** The part of a schedule that is edited. */
export type ScheduleDraft = Pick<Schedule, 'name' | 'timezone' | 'default' | 'weekly' | 'overrides'>

export const draftOf = ({ name, timezone, default: isDefault, weekly, overrides }: Schedule): ScheduleDraft => ({
  name,
  timezone,
  default: isDefault,
  weekly,
  overrides,
})
