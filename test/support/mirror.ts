/** A receiver's copy of the meetings, which only follows the rule in "Keeping a mirror". */
export interface Mirror {
  /** Applies one body. Bodies can arrive in any order and more than once. */
  apply: (activity: MirroredActivity) => void
  /** Returns every meeting with its attendees, hosts and tags, as the API lists them. */
  meetings: () => Map<number, MirroredMeeting>
}

// biome-ignore lint/suspicious/noExplicitAny: a mirror copies whatever keys an entity has
type Entity = Record<string, any>

/** The part of an activity's body that the rule needs. */
export interface MirroredActivity {
  id: number
  action: string
  metadata: { tag?: { name: string } } | null
  entity: Entity
}

export type MirroredMeeting = Entity & { attendees: Entity[]; tags: string[] }

/** Creates an empty mirror. */
export function makeMirror(): Mirror {
  const meetings = new Map<number, Row<Entity>>()
  const attendees = new Map<number, Row<Entity>>()
  const tags = new Map<string, Row<{ meeting: number; name: string; present: boolean }>>()

  function apply({ id, action, metadata, entity }: MirroredActivity): void {
    const isMeeting = entity.type === 'Meeting'
    const { attendees: people, ...meeting } = isMeeting ? entity : { ...entity.meeting, attendees: [entity] }
    keepNewest(meetings, meeting.id, { id, value: meeting })
    for (const { meeting: _, ...person } of people)
      keepNewest(attendees, person.id, { id, value: { ...person, meeting_id: meeting.id } })
    if (metadata?.tag) {
      const { name } = metadata.tag
      const value = { meeting: meeting.id, name, present: action === 'Meeting.tagged' }
      keepNewest(tags, `${meeting.id} ${name}`, { id, value })
    }
  }

  function peopleOf(meeting: number): Entity[] {
    return [...attendees.values()]
      .map(({ value }) => value)
      .filter((person) => person.meeting_id === meeting)
      .map(({ meeting_id: _, ...person }) => person)
  }

  function tagsOf(meeting: number): string[] {
    return [...tags.values()].flatMap(({ value }) => (value.present && value.meeting === meeting ? value.name : []))
  }

  return {
    apply,
    meetings: () =>
      new Map(
        [...meetings].map(([id, { value }]) => [id, inOrder({ ...value, attendees: peopleOf(id), tags: tagsOf(id) })]),
      ),
  }
}

interface Row<T> {
  id: number
  value: T
}

function keepNewest<K, T>(rows: Map<K, Row<T>>, key: K, row: Row<T>): void {
  if (row.id >= (rows.get(key)?.id ?? 0)) rows.set(key, row)
}

/** Returns the same meeting with its people and tags sorted, so that it can be compared. */
export function inOrder(meeting: MirroredMeeting): MirroredMeeting {
  return {
    ...meeting,
    attendees: [...meeting.attendees].sort((a, b) => a.id - b.id),
    tags: [...meeting.tags].sort(),
  }
}
