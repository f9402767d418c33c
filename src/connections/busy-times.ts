import type { OrganizationId } from '../access/gate.ts'
import type { Transaction } from '../platform/database.ts'
import { type Interval, unite } from '../time/intervals.ts'
import * as store from './busy-store.ts'
import { differenceOf } from './connection.ts'

/**
 * Replaces a calendar's busy times. Writes only the differences, because most reads change little or nothing. The caller must
 * have locked the member's row, as bookings do.
 */
export async function replaceBusy(
  tx: Transaction,
  organization: OrganizationId,
  { calendar, busy }: { calendar: number; busy: readonly Interval[] },
): Promise<boolean> {
  const difference = differenceOf(await store.listBusy(tx, organization, calendar), busy)
  await store.changeBusy(tx, organization, { calendar, ...difference })
  return difference.removed.length > 0 || difference.added.length > 0
}

/**
 * Merges the busy times from all of a member's calendars that are read. Slots and bookings use the result. The caller must have
 * locked the member's row.
 */
export async function mergeTimes(tx: Transaction, organization: OrganizationId, member: number): Promise<void> {
  const wanted = unite(await store.listBusyOfMember(tx, organization, member))
  const difference = differenceOf(await store.listTimes(tx, organization, member), wanted)
  await store.changeTimes(tx, organization, { member, ...difference })
}
