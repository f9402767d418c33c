import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type AttendeeSnapshot, isActive, type MeetingSnapshot } from '../activities/snapshot.ts'
import { accept, type Refusal } from '../errors.ts'
import * as life from './life-cycle.ts'

const START = Date.parse('2027-03-01T08:00:00Z')
const END = START + 30 * 60_000
const BEFORE = START - 60_000
const HOST = 90

type Status = AttendeeSnapshot['status']

function person(id: number, status: Status, memberId: number | null = null): AttendeeSnapshot {
  return {
    id,
    createdAt: '2027-02-01T00:00:00.000000Z',
    memberId,
    email: `person-${id}@example.com`,
    firstName: 'First',
    lastName: 'Last',
    timezone: 'Europe/Berlin',
    locale: null,
    status,
    externalId: `link-${id}`,
    utmSource: '',
    utmMedium: '',
    utmCampaign: '',
    utmContent: '',
    utmTerm: '',
    fieldSubmissions: [],
  }
}

/**
 * A meeting whose people, with the ids 1, 2, …, have these statuses. The flags are derived from the statuses unless they are
 * given.
 */
function meeting(
  kind: 'one_on_one' | 'group',
  statuses: Status[],
  flags: Partial<MeetingSnapshot> = {},
): MeetingSnapshot {
  return {
    id: 7,
    kind,
    createdAt: '2027-02-01T00:00:00.000000Z',
    name: 'Intro',
    location: null,
    locationType: 'place',
    start: START,
    end: END,
    approved: null,
    confirmed: statuses.includes('confirmed'),
    cancelled: false,
    conferencePassword: null,
    conferenceUrl: null,
    meetingType: { id: 3, name: 'Intro' },
    icsSequence: 0,
    bookers: statuses.map((status, index) => person(index + 1, status)),
    hosts: [person(HOST, 'confirmed', 11)],
    ...flags,
  }
}

const requested = meeting('one_on_one', ['requested'])
const booked = meeting('one_on_one', ['confirmed'])
const approved = meeting('one_on_one', ['confirmed'], { approved: true })
const declined = meeting('one_on_one', ['declined'], { approved: false })
const cancelled = meeting('one_on_one', ['cancelled'], { cancelled: true })

const command = { at: BEFORE, message: 'Because.' }
const policy = { allowed: true, notice_minutes: 0 }
const leaving = { ...command, policy, attendee: 1, by: 'attendee' as const }
const moving = { ...command, policy, start: START + 3_600_000, by: 'attendee' as const, approval: 'automatic' as const }

/** Returns a decision's activities, one per line: the action and the person it is about. */
function told(decision: life.Decision): string[] {
  assert.ok(decision.ok, JSON.stringify(decision))
  return decision.drafts.map(({ action, attendeeId }) => (attendeeId === null ? action : `${action} ${attendeeId}`))
}

/**
 * Returns the state after a decision as a row of the state table: approved, confirmed, cancelled, statuses, and whether the
 * meeting blocks its time.
 */
function state(decision: life.Decision): string {
  assert.ok(decision.ok, JSON.stringify(decision))
  const { approved, confirmed, cancelled, bookers } = decision.meeting
  const statuses = bookers.map(({ status }) => status).join(',')
  return `${approved} ${confirmed} ${cancelled} ${statuses} ${isActive(decision.meeting) ? 'holds' : 'free'}`
}

function refusalOf(decision: life.Decision): Refusal {
  assert.ok(!decision.ok, 'should be refused')
  return decision
}

function assertUnchanged(decision: life.Decision, before: MeetingSnapshot): void {
  assert.deepEqual(decision, { ok: true, meeting: before, drafts: [] })
}

describe('one-on-one', () => {
  describe('booking', () => {
    test('without approval, it is confirmed immediately', () => {
      const change = { ok: true as const, ...life.book(meeting('one_on_one', []), person(1, 'confirmed')) }
      assert.equal(state(change), 'null true false confirmed holds')
      assert.deepEqual(told(change), ['Meeting.scheduled', 'Attendee.scheduled 1'])
      assert.ok(change.drafts.every(({ message, metadata }) => message === null && metadata === null))
    })

    test('with approval, it is pending', () => {
      const change = { ok: true as const, ...life.book(meeting('one_on_one', []), person(1, 'requested')) }
      assert.equal(state(change), 'null false false requested holds')
      assert.deepEqual(told(change), ['Meeting.scheduled', 'Attendee.scheduled 1'])
    })
  })

  test('a host approves: first the meeting, then the attendee', () => {
    const decision = life.approve(requested, command)
    assert.equal(state(decision), 'true true false confirmed holds')
    assert.deepEqual(told(decision), ['Meeting.approved', 'Attendee.approved 1'])
  })

  test('a host declines: first the meeting, then the attendee, and the time is freed', () => {
    const decision = life.decline(requested, command)
    assert.equal(state(decision), 'false false false declined free')
    assert.deepEqual(told(decision), ['Meeting.declined', 'Attendee.declined 1'])
  })

  test('approving or declining the only attendee has the same effect as approving or declining the meeting', () => {
    for (const answer of [life.approve, life.decline])
      assert.deepEqual(answer(requested, { ...command, attendee: 1 }), answer(requested, command))
  })

  for (const [name, before, after] of [
    ['a requested', requested, 'null false true cancelled free'],
    ['a booked', booked, 'null false true cancelled free'],
    ['an approved', approved, 'true false true cancelled free'],
  ] as const) {
    test(`cancelling ${name} meeting leaves its approval unchanged`, () => {
      const byHost = life.cancel(before, command)
      const byAttendee = life.leave(before, leaving)
      const removed = life.leave(before, { ...leaving, by: 'host' })
      for (const decision of [byHost, byAttendee, removed]) {
        assert.equal(state(decision), after)
        assert.deepEqual(told(decision), ['Meeting.cancelled', 'Attendee.cancelled 1'])
      }
      assert.deepEqual(removed, byHost)
    })
  }

  test('a host reschedules: the approval and the statuses stay the same', () => {
    for (const before of [requested, booked, approved]) {
      const decision = life.reschedule(before, { ...moving, by: 'host', approval: 'manual' })
      assert.equal(state(decision), state({ ok: true, meeting: before, drafts: [] }))
      assert.deepEqual(told(decision), ['Meeting.rescheduled'])
    }
  })

  test('an attendee reschedules without approval: the meeting stays confirmed', () => {
    const decision = life.reschedule(booked, moving)
    assert.equal(state(decision), 'null true false confirmed holds')
    assert.deepEqual(told(decision), ['Meeting.rescheduled'])
  })

  test('an attendee reschedules with manual approval: the meeting must be approved again', () => {
    for (const before of [requested, booked, approved]) {
      const decision = life.reschedule(before, { ...moving, approval: 'manual' })
      assert.equal(state(decision), 'null false false requested holds')
      assert.deepEqual(told(decision), ['Meeting.rescheduled'])
    }
  })

  test('a reschedule keeps the length and every id', () => {
    const decision = life.reschedule(approved, moving)
    assert.ok(decision.ok)
    const { start, end, id, bookers, hosts } = decision.meeting
    assert.deepEqual([start, end - start], [moving.start, END - START])
    assert.deepEqual([id, bookers, hosts], [approved.id, approved.bookers, approved.hosts])
  })
})

describe('group', () => {
  const group = (statuses: Status[], flags: Partial<MeetingSnapshot> = {}) => meeting('group', statuses, flags)

  test('the first booker of a slot creates the meeting', () => {
    const change = { ok: true as const, ...life.book(group([]), person(1, 'confirmed')) }
    assert.deepEqual(told(change), ['Meeting.scheduled', 'Attendee.scheduled 1'])
  })

  test('a later booker joins it', () => {
    const decision = life.join(group(['confirmed']), person(2, 'requested'), 5)
    assert.equal(state(decision), 'null true false confirmed,requested holds')
    assert.deepEqual(told(decision), ['Attendee.scheduled 2'])
  })

  test('is confirmed while at least one booker is confirmed', () => {
    const joined = life.join(group(['requested']), person(2, 'confirmed'), 5)
    assert.equal(state(joined), 'null true false requested,confirmed holds')
    assert.ok(joined.ok)
    const left = life.leave(joined.meeting, { ...leaving, attendee: 2 })
    assert.equal(state(left), 'null false false requested,cancelled holds')
  })

  test('a pending person takes a seat, and a person who has left does not', () => {
    assert.equal(refusalOf(life.join(group(['requested', 'confirmed']), person(3, 'confirmed'), 2)).code, 'slot_taken')
    assert.ok(life.join(group(['requested', 'cancelled', 'declined']), person(4, 'confirmed'), 2).ok)
  })

  test('accepts each email address once, ignoring letter case, until that attendee has left', () => {
    const again = { ...person(2, 'confirmed'), email: 'PERSON-1@example.com' }
    assert.equal(refusalOf(life.join(group(['requested']), again, 5)).code, 'already_booked')
    assert.ok(life.join(group(['cancelled', 'confirmed']), again, 5).ok)
  })

  test('returns already_booked, not slot_taken, to a person who has a seat in a full meeting', () => {
    assert.equal(refusalOf(life.join(group(['confirmed']), person(1, 'confirmed'), 1)).code, 'already_booked')
  })

  test('cannot be joined once it is released', () => {
    const released = group(['cancelled'], { cancelled: true })
    assert.equal(refusalOf(life.join(released, person(2, 'confirmed'), 5)).code, 'slot_taken')
  })

  test('a host approves all pending people: one activity for each, and no Meeting.approved', () => {
    const decision = life.approve(group(['requested', 'confirmed', 'requested', 'cancelled']), command)
    assert.equal(state(decision), 'true true false confirmed,confirmed,confirmed,cancelled holds')
    assert.deepEqual(told(decision), ['Attendee.approved 1', 'Attendee.approved 3'])
  })

  test('is approved once one attendee is approved', () => {
    const first = life.approve(group(['requested', 'requested']), { ...command, attendee: 2 })
    assert.equal(state(first), 'true true false requested,confirmed holds')
    assert.deepEqual(told(first), ['Attendee.approved 2'])
    assert.ok(first.ok)
    const left = life.leave(first.meeting, { ...leaving, attendee: 2 })
    assert.equal(state(left), 'true false false requested,cancelled holds')
  })

  test('a host declines each pending person', () => {
    const decision = life.decline(group(['requested', 'confirmed', 'requested']), command)
    assert.equal(state(decision), 'null true false declined,confirmed,declined holds')
    assert.deepEqual(told(decision), ['Attendee.declined 1', 'Attendee.declined 3'])
  })

  test('declining the last attendee left releases the slot, and that attendee stays declined', () => {
    const decision = life.decline(group(['cancelled', 'requested']), { ...command, attendee: 2 })
    assert.equal(state(decision), 'null false true cancelled,declined free')
    assert.deepEqual(told(decision), ['Meeting.cancelled', 'Attendee.declined 2'])
  })

  test('when one attendee leaves or is removed, the others stay', () => {
    for (const by of ['attendee', 'host'] as const) {
      const decision = life.leave(group(['confirmed', 'confirmed']), { ...leaving, by })
      assert.equal(state(decision), 'null true false cancelled,confirmed holds')
      assert.deepEqual(told(decision), ['Attendee.cancelled 1'])
    }
  })

  test('the meeting is cancelled when the last attendee leaves or is removed', () => {
    for (const by of ['attendee', 'host'] as const) {
      const decision = life.leave(group(['confirmed', 'declined']), { ...leaving, by })
      assert.equal(state(decision), 'null false true cancelled,declined free')
      assert.deepEqual(told(decision), ['Meeting.cancelled', 'Attendee.cancelled 1'])
    }
  })

  test('a host cancels: first the meeting, then each requested or confirmed booker', () => {
    const before = group(['confirmed', 'declined', 'requested', 'cancelled'], { approved: true })
    const decision = life.cancel(before, command)
    assert.equal(state(decision), 'true false true cancelled,declined,cancelled,cancelled free')
    assert.deepEqual(told(decision), ['Meeting.cancelled', 'Attendee.cancelled 1', 'Attendee.cancelled 3'])
  })

  test('a host moves the meeting for everyone', () => {
    const decision = life.reschedule(group(['confirmed', 'requested']), { ...moving, by: 'host' })
    assert.equal(state(decision), 'null true false confirmed,requested holds')
    assert.deepEqual(told(decision), ['Meeting.rescheduled'])
  })

  test('an attendee cannot move it', () => {
    assert.equal(refusalOf(life.reschedule(group(['confirmed']), moving)).code, 'not_allowed_by_policy')
  })
})

describe('final states', () => {
  test('declining a declined meeting, or cancelling a cancelled or declined one, changes nothing', () => {
    for (const before of [declined, cancelled]) {
      assertUnchanged(life.cancel(before, command), before)
      assertUnchanged(life.leave(before, leaving), before)
      assertUnchanged(life.leave(before, { ...leaving, by: 'host' }), before)
    }
    assertUnchanged(life.decline(declined, command), declined)
  })

  test('declining a group again changes nothing, whether others are confirmed or have left', () => {
    for (const others of [['confirmed'], ['cancelled'], ['confirmed', 'cancelled']] as const) {
      const before = meeting('group', [...others, 'requested'])
      const { meeting: once } = accept(life.decline(before, command))
      assertUnchanged(life.decline(once, command), once)
    }
  })

  test('repeating a cancellation changes nothing even after the end, regardless of the policy', () => {
    const late = { ...leaving, at: END + 1, policy: { allowed: false, notice_minutes: 0 } }
    assertUnchanged(life.leave(cancelled, late), cancelled)
    assertUnchanged(life.cancel(cancelled, late), cancelled)
    assertUnchanged(life.decline(declined, { ...command, at: END + 1 }), declined)
  })

  test('a change is rejected with meeting_over', () => {
    const refused = [
      life.approve(declined, command),
      life.approve(cancelled, command),
      life.decline(cancelled, command),
      life.reschedule(declined, moving),
      life.reschedule(cancelled, moving),
      life.reschedule(cancelled, { ...moving, by: 'host', start: START }),
    ]
    assert.deepEqual(
      refused.map((decision) => refusalOf(decision).code),
      refused.map(() => 'meeting_over'),
    )
  })

  test('only pending people can be approved or declined', () => {
    for (const before of [booked, approved, meeting('group', ['confirmed', 'cancelled'])]) {
      assert.equal(refusalOf(life.approve(before, command)).code, 'meeting_over')
      assert.equal(refusalOf(life.decline(before, command)).code, 'meeting_over')
    }
  })

  test('an attendee who has left a group can be neither approved nor declined', () => {
    const before = meeting('group', ['cancelled', 'requested'])
    assert.equal(refusalOf(life.approve(before, { ...command, attendee: 1 })).code, 'meeting_over')
    assert.equal(refusalOf(life.decline(before, { ...command, attendee: 1 })).code, 'meeting_over')
  })
})

describe('deadlines', () => {
  test('no one can be approved or declined after the start', () => {
    for (const answer of [life.approve, life.decline]) {
      assert.ok(answer(requested, { ...command, at: START - 1 }).ok)
      assert.equal(refusalOf(answer(requested, { ...command, at: START })).code, 'meeting_over')
    }
  })

  test('attendees can act until the start', () => {
    for (const act of [leave, rescheduleAt]) {
      assert.ok(act('attendee', START - 1).ok)
      assert.equal(refusalOf(act('attendee', START)).code, 'meeting_over')
    }
  })

  test('hosts can act until the end', () => {
    const cancelAt = (_by: unknown, at: number) => life.cancel(booked, { ...command, at })
    for (const act of [leave, rescheduleAt, cancelAt]) {
      assert.ok(act('host', END - 1).ok)
      assert.equal(refusalOf(act('host', END)).code, 'meeting_over')
    }
  })

  const leave = (by: life.Party, at: number) => life.leave(booked, { ...leaving, by, at })
  const rescheduleAt = (by: life.Party, at: number) => life.reschedule(booked, { ...moving, by, at })

  test('the policy limits attendees, and the refusal names the deadline', () => {
    const notice = { allowed: true, notice_minutes: 60 }
    const at = START - 3_600_000
    assert.ok(life.leave(booked, { ...leaving, policy: notice, at: at - 1 }).ok)
    for (const refused of [
      life.leave(booked, { ...leaving, policy: notice, at }),
      life.reschedule(booked, { ...moving, policy: notice, at }),
    ]) {
      assert.equal(refusalOf(refused).code, 'not_allowed_by_policy')
      assert.match(refusalOf(refused).detail, /until 2027-03-01T07:00:00Z/)
    }
  })

  test('the policy can forbid changes completely, but only for attendees', () => {
    const forbidden = { allowed: false, notice_minutes: 0 }
    assert.equal(refusalOf(life.leave(booked, { ...leaving, policy: forbidden })).code, 'not_allowed_by_policy')
    assert.equal(refusalOf(life.reschedule(booked, { ...moving, policy: forbidden })).code, 'not_allowed_by_policy')
    assert.ok(life.leave(booked, { ...leaving, by: 'host', policy: forbidden }).ok)
    assert.ok(life.reschedule(booked, { ...moving, by: 'host', policy: forbidden }).ok)
  })
})

describe('rescheduling to the same start', () => {
  test('changes nothing, for hosts and attendees, regardless of the policy', () => {
    const forbidden = { allowed: false, notice_minutes: 0 }
    assertUnchanged(life.reschedule(approved, { ...moving, start: START, approval: 'manual' }), approved)
    assertUnchanged(life.reschedule(booked, { ...moving, start: START, policy: forbidden }), booked)
    assertUnchanged(life.reschedule(booked, { ...moving, start: START, by: 'host' }), booked)
  })
})

describe('the host’s own row', () => {
  test('cannot be approved, declined or removed', () => {
    const refused = [
      life.approve(requested, { ...command, attendee: HOST }),
      life.decline(requested, { ...command, attendee: HOST }),
      life.leave(requested, { ...leaving, by: 'host', attendee: HOST }),
    ]
    for (const decision of refused) {
      assert.equal(refusalOf(decision).code, 'invalid_input')
      assert.equal(refusalOf(decision).errors?.[0]?.path, 'id')
    }
  })

  test('never changes', () => {
    for (const decision of [life.approve(requested, command), life.cancel(booked, command)]) {
      assert.ok(decision.ok)
      assert.deepEqual(decision.meeting.hosts, requested.hosts)
    }
  })

  test('a person from another meeting is not found', () => {
    assert.equal(refusalOf(life.approve(requested, { ...command, attendee: 55 })).code, 'not_found')
  })
})

describe('tags', () => {
  const vip = { id: 5, name: 'vip' }

  test('are added and removed in every state', () => {
    for (const before of [requested, booked, approved, declined, cancelled]) {
      assert.deepEqual(told({ ok: true, ...life.tag(before, [], vip) }), ['Meeting.tagged'])
      assert.deepEqual(told({ ok: true, ...life.untag(before, ['new', 'vip'], vip) }), ['Meeting.untagged'])
    }
  })

  test('adding an existing tag or removing a missing one changes nothing', () => {
    assert.deepEqual(life.tag(booked, ['new', 'vip'], vip), { meeting: booked, drafts: [] })
    assert.deepEqual(life.untag(booked, ['new'], vip), { meeting: booked, drafts: [] })
  })

  test('are emitted with their id and name', () => {
    const [draft] = life.tag(booked, [], vip).drafts
    assert.deepEqual(draft?.metadata, { tag: { id: 5, type: 'Tag', name: 'vip' } })
  })
})

describe('metadata and message', () => {
  test('approved, declined and cancelled contain the person who acted and their message', () => {
    const decisions: [life.Decision, string][] = [
      [life.approve(requested, command), 'host'],
      [life.decline(requested, command), 'host'],
      [life.cancel(booked, command), 'host'],
      [life.leave(booked, leaving), 'attendee'],
      [life.leave(booked, { ...leaving, by: 'host' }), 'host'],
      [life.decline(meeting('group', ['requested']), command), 'host'],
    ]
    for (const [decision, by] of decisions) {
      assert.ok(decision.ok)
      for (const draft of decision.drafts) assert.deepEqual([draft.message, draft.metadata], ['Because.', { by }])
    }
  })

  test('rescheduled contains the previous time', () => {
    const decision = life.reschedule(booked, moving)
    assert.ok(decision.ok)
    assert.deepEqual(decision.drafts[0], {
      action: 'Meeting.rescheduled',
      attendeeId: null,
      message: 'Because.',
      metadata: { by: 'attendee', previous_start: '2027-03-01T08:00:00Z', previous_end: '2027-03-01T08:30:00Z' },
    })
  })

  test('a reminder activity says which reminder it was', () => {
    const decision = life.remind(booked, { attendee: 1, minutesBefore: 60 })
    assert.ok(decision.ok)
    assert.deepEqual(decision.drafts, [
      {
        action: 'Attendee.reminded',
        attendeeId: 1,
        message: null,
        metadata: { reminder: { minutes_before: 60 } },
      },
    ])
  })
})

test('every change that calendars show increases the sequence number', () => {
  const changes = [
    life.approve(requested, command),
    life.decline(requested, command),
    life.cancel(booked, command),
    life.leave(booked, leaving),
    life.reschedule(booked, moving),
  ]
  for (const decision of changes) {
    assert.ok(decision.ok)
    assert.equal(decision.meeting.icsSequence, 1)
  }
})
