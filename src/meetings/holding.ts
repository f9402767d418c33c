import { createHash, randomBytes } from 'node:crypto'
import type { OrganizationId } from '../access/gate.ts'
import { isBlocked } from '../blocking/service.ts'
import { hashBudgetKey, mailboxKey } from '../budgets/budget.ts'
import { type Outcome, type Refusal, refuse } from '../errors.ts'
import type { MeetingType } from '../meeting-types/schema.ts'
import { getMeetingType, getMeetingTypeOfMeeting } from '../meeting-types/service.ts'
import { lockMembers } from '../members/service.ts'
import { notifyAttendeeAgain, notifyMember } from '../notifications/service.ts'
import { findPageOfMeetingType } from '../pages/service.ts'
import { type Clock, toInstantText, toTimestamp } from '../platform/clock.ts'
import type { Database, Executor, Transaction } from '../platform/database.ts'
import type { Mailer } from '../platform/mailer.ts'
import type { Secrets } from '../platform/secrets.ts'
import { DAY, MINUTE } from '../time/durations.ts'
import { type ChangingDeps, changeMeetingIn, inTransaction, type LockedTime, lockMeeting } from './changing.ts'
import { generateExternalId } from './external-id.ts'
import * as holds from './hold-store.ts'
import { busyTime, refuseTaken } from './life-cycle.ts'
import { HOLD_MINUTES, type LimitingDeps, refuseBeyondUpcoming, refuseBlocked, refuseHold } from './limiting.ts'
import { decideRequest, type LockedRequest, lockRequest } from './scheduling.ts'
import type { AttendeeView, Hold, PendingConfirmation } from './schema.ts'
import { showToAttendee } from './showing.ts'
import * as store from './store.ts'

/*
 * Holds. A meeting type can ask visitors to confirm their email address first. Until then, nothing is booked, no activity is
 * emitted, and only the visitor is emailed. The start is held for 15 minutes. The link in the email books the start like any
 * other booking, checked as of the time when it was requested.
 */

export interface HoldingDeps extends ChangingDeps, LimitingDeps {
  config: { jitsiUrl: string }
  secrets: Secrets
  mailer: Pick<Mailer, 'kind'>
}

/** How long a start is held. */
/** How long a hold's link continues to show the outcome. */
const HOLD_LIFETIME = 7 * DAY

/**
 * Returns whether visitors must confirm their email address. Without a mail server, no one could confirm, so the setting is
 * ignored.
 */
export function needsConfirmation(
  { mailer }: Pick<HoldingDeps, 'mailer'>,
  { confirm_email }: Pick<MeetingType, 'confirm_email'>,
): boolean {
  return confirm_email && mailer.kind === 'smtp'
}

/** Holds a start that has been checked and locked, and enqueues the email with the link. Refuses holds that exceed the limits. */
export async function holdStart(
  tx: Transaction,
  deps: HoldingDeps,
  locked: LockedRequest,
  { page, client }: { page: string; client: string },
): Promise<Outcome<{ pending: PendingConfirmation }>> {
  const { organization, request } = locked
  const { input, meetingType } = request
  const keys = { emailKey: hashBudgetKey(mailboxKey(input.attendee.email)), clientKey: hashBudgetKey(client) }
  const refusal = await refuseHold(tx, deps, { locked, ...keys })
  if (refusal) return refusal
  const now = deps.clock.now()
  const expiresAt = Math.min(now + HOLD_MINUTES * MINUTE, input.start)
  const token = randomBytes(24).toString('base64url')
  const held = {
    meetingType: meetingType.id,
    page,
    start: locked.meeting?.start ?? input.start,
    end: locked.meeting?.end ?? input.start + meetingType.duration_minutes * MINUTE,
    expiresAt: toTimestamp(expiresAt),
  }
  const stored = { ...held, ...keys, members: [], tokenHash: hashToken(token), request: input }
  const id = await holds.insertHold(tx, organization, { ...stored, createdAt: deps.clock.timestamp() })
  const members = await takeTime(tx, locked, { hold: id, until: held.expiresAt, now: deps.clock.timestamp() })
  if (members === undefined) return refuseTaken()
  await holds.updateMembers(tx, organization, { hold: id, members })
  const link = { url: `${deps.url}/m/${token}/confirm`, minutes: Math.max(1, Math.ceil((expiresAt - now) / MINUTE)) }
  await mailLink(tx, deps, locked, link)
  const shown = {
    status: 'pending_confirmation' as const,
    email: input.attendee.email,
    expires_at: toInstantText(expiresAt),
    start: toInstantText(held.start),
    end: toInstantText(held.end),
    meeting_type: { name: meetingType.name, slug: meetingType.slug },
  }
  return { ok: true, pending: shown }
}

/**
 * Blocks the time of the first choice of hosts who are free, or takes a seat in a group meeting. Returns the hosts, or undefined.
 */
async function takeTime(
  tx: Transaction,
  { organization, request, meeting, fresh }: LockedRequest,
  { hold, until, now }: { hold: number; until: string; now: string },
): Promise<number[] | undefined> {
  const membersOf = (hosts: readonly { memberId: number | null }[]) => hosts.flatMap(({ memberId }) => memberId ?? [])
  if (meeting) return membersOf(meeting.hosts)
  if (fresh?.sharedHold) {
    await holds.extendTime(tx, organization, { hold: fresh.sharedHold, until })
    return membersOf(fresh.choices[0] ?? [])
  }
  const { start } = request.input
  const busy = busyTime(request.meetingType, { start, end: start + request.meetingType.duration_minutes * MINUTE })
  for (const hosts of fresh?.choices ?? []) {
    const members = membersOf(hosts)
    for (const isRetry of [false, true]) {
      // Try again even if nothing was released, because the cleanup job may have released the time in the meantime.
      if (isRetry) await holds.releaseExpiredTime(tx, organization, { members, now })
      if (await holds.takeTime(tx, organization, { hold, members, busy, until })) return members
      await holds.releaseTime(tx, organization, hold)
    }
  }
  return undefined
}

/**
 * Emails the confirmation link. If the address already has a seat in the group meeting, the email contains that seat's link
 * instead. The visitor, who may be someone else, cannot see the difference.
 */
async function mailLink(
  tx: Transaction,
  deps: HoldingDeps,
  { organization, request, meeting }: LockedRequest,
  { url, minutes }: { url: string; minutes: number },
): Promise<void> {
  const { attendee } = request.input
  const seated = meeting && findSeat(meeting, attendee.email)
  if (meeting && seated) return notifyAttendeeAgain(tx, deps, organization, { meeting, attendee: seated.id })
  const { email, timezone, locale } = attendee
  await notifyMember(tx, deps, organization, {
    to: { name: '', address: email, timezone, locale },
    notice: {
      about: 'email_confirmation',
      link: url,
      what: request.meetingType.name,
      start: request.input.start,
      validMinutes: minutes,
    },
  })
}

/** Returns the seat that this address has in a group meeting. */
export function findSeat(meeting: NonNullable<LockedTime['meeting']>, email: string) {
  return meeting.bookers.find(
    ({ status, email: other }) =>
      (status === 'requested' || status === 'confirmed') && other.toLowerCase() === email.toLowerCase(),
  )
}

/**
 * Returns what a link would confirm, and whether it is still valid. Never confirms anything, because programs that scan emails
 * follow links.
 */
export async function getHold(deps: HoldingDeps, token: string): Promise<Outcome<{ hold: Hold }>> {
  const { executor } = deps.database
  const link = await holds.findHoldLink(executor, hashToken(token))
  const hold = link && (await holds.findHold(executor, link.organization, link.hold))
  if (!hold) return refuseToken()
  const meetingType = await getMeetingTypeOfMeeting(executor, link.organization, { id: hold.meeting_type_id })
  if (!meetingType) return refuseToken()
  const page = (await findPageOfMeetingType(executor, link.organization, meetingType.id)) ?? null
  const isExpired = hold.external_id === null && Date.parse(hold.expires_at) <= deps.clock.now()
  const status = hold.external_id !== null ? 'confirmed' : isExpired ? 'expired' : 'pending_confirmation'
  return {
    ok: true,
    hold: {
      status,
      start: toInstantText(Date.parse(hold.starts_at)),
      end: toInstantText(Date.parse(hold.ends_at)),
      expires_at: toInstantText(Date.parse(hold.expires_at)),
      meeting_type: {
        name: meetingType.name,
        slug: meetingType.slug,
        location_type: meetingType.location_type,
        locked_timezone: meetingType.locked_timezone,
      },
      page,
      external_id: hold.external_id,
    },
  }
}

/** The data that a confirmation has locked: the request, or the meeting that an earlier click booked. */
type LockedHold = LockedTime & { request: LockedRequest | null; attendee: number; meetingType: MeetingType | undefined }

/**
 * Books the start that a link holds. Clicking again returns the same meeting. Refuses a link that has expired, and a start that
 * the rules no longer allow. The hold then remains.
 */
export async function confirmHold(deps: HoldingDeps, token: string): Promise<Outcome<{ view: AttendeeView }>> {
  const link = await holds.findHoldLink(deps.database.executor, hashToken(token))
  if (!link) return refuseToken()
  const { organization } = link
  return inTransaction(deps, (tx) =>
    changeMeetingIn<LockedHold, { view: AttendeeView }>(tx, deps, {
      lock: () => lockHold(tx, deps, link),
      decide: async ({ request, meeting }) => {
        if (!request && meeting) return { ok: true, meeting, drafts: [] }
        const decision = request && (await decideRequest(request, tx))
        if (!decision) throw new Error('A hold was locked without a request.')
        return decision
      },
      show: async ({ meeting }, { attendee, meetingType }) => ({
        view: await showToAttendee(tx, deps, organization, {
          meeting,
          attendee,
          ...(meetingType ? { meetingType } : {}),
        }),
      }),
    }),
  )
}

async function lockHold(
  tx: Transaction,
  deps: HoldingDeps,
  { organization, hold: id }: { organization: OrganizationId; hold: number },
): Promise<Outcome<LockedHold>> {
  const found = await holds.findHold(tx, organization, id)
  if (!found) return refuseToken()
  const type = await getMeetingType(tx, organization, { id: found.meeting_type_id })
  const hosts = type.ok ? type.meetingType.hosts.map(({ member }) => member) : []
  // Locks the hosts first, as every change to a meeting does.
  await lockMembers(tx, organization, [...new Set([...hosts, ...found.members])])
  const hold = await holds.lockHold(tx, organization, id)
  if (!hold) return refuseToken()
  if (hold.external_id !== null) return lockConfirmed(tx, hold.external_id)
  if (hold.request === null || Date.parse(hold.expires_at) <= deps.clock.now()) return refuseExpired()
  if (!type.ok || type.meetingType.visibility === 'disabled')
    return refuse('not_found', 'This can no longer be booked. Choose something else on the page.')
  if (await isBlocked(tx, organization, { email: hold.request.attendee.email })) return refuseBlocked()
  const { meetingType } = type
  const externalId = generateExternalId()
  await holds.markConfirmed(tx, organization, { hold: id, externalId })
  if (
    meetingType.kind !== 'group' ||
    !(await holds.hasSharers(tx, organization, { hold, now: deps.clock.timestamp() }))
  )
    await holds.releaseTime(tx, organization, id)
  const held = { askedAt: Date.parse(hold.created_at), externalId }
  const booking = { organization, meetingType, input: hold.request, by: 'attendee' as const, held }
  const request = await lockRequest(tx, { clock: deps.clock, jitsiUrl: deps.config.jitsiUrl }, booking)
  if (!request.ok) return request
  const refusal = await refuseBeyondUpcoming(tx, deps, request)
  if (refusal) return refusal
  const { meeting, tags, booker, reminders } = request
  const shared = { ok: true as const, organization, meeting, tags, request, attendee: booker.id, meetingType }
  return reminders ? { ...shared, reminders } : shared
}

/** The meeting that an earlier click booked. */
async function lockConfirmed(tx: Transaction, externalId: string): Promise<Outcome<LockedHold>> {
  const link = await store.findLink(tx, externalId)
  if (!link) return refuseToken()
  const locked = await lockMeeting(tx, link.organization, link.meeting)
  return locked.ok ? { ...locked, request: null, attendee: link.attendee, meetingType: undefined } : locked
}

/** Releases the time that holds block for a member, in the transaction that deletes the member. */
export async function releaseHoldsOfMember(
  tx: Transaction,
  organization: OrganizationId,
  { member }: { member: number },
): Promise<void> {
  await holds.releaseTimeOfMember(tx, organization, member)
}

/** Lists an email address's holds, for exporting a person's data. */
export async function listHoldsOf(
  executor: Executor,
  organization: OrganizationId,
  { email }: { email: string },
): Promise<holds.HoldRecord[]> {
  return holds.listHoldsOf(executor, organization, hashBudgetKey(mailboxKey(email)))
}

/** Deletes the holds of an email address that is being erased. Returns the number deleted. */
export async function deleteHoldsOf(
  executor: Executor,
  organization: OrganizationId,
  { email }: { email: string },
): Promise<number> {
  return holds.deleteHoldsOf(executor, organization, hashBudgetKey(mailboxKey(email)))
}

/**
 * Releases the time that expired holds block and deletes the data entered in them, up to `limit` of each. Returns the larger
 * count. This is only cleanup, because an expired hold no longer has any effect.
 */
export async function cleanHolds(
  { database, clock }: { database: Database; clock: Clock },
  { limit }: { limit: number },
): Promise<number> {
  const { executor } = database
  const now = clock.timestamp()
  return Math.max(
    await holds.deleteExpiredTime(executor, { now, limit }),
    await holds.forgetExpiredRequests(executor, { now, limit }),
    await holds.deleteOldHolds(executor, { before: toTimestamp(clock.now() - HOLD_LIFETIME), limit }),
  )
}

/** Returns the hash under which a hold's link is stored. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

function refuseToken(): Refusal {
  return refuse('not_found', 'This link is not valid. Copy the complete link from the email, or book again.')
}

function refuseExpired(): Refusal {
  return refuse('gone', `This link has expired: times are held for ${HOLD_MINUTES} minutes. Book again.`)
}
