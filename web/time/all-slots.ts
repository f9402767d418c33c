interface Part<Slot> {
  slots: Slot[]
  next_date: string | null
}

/** Loads all slots in a date range. One response contains up to 5,000 slots, and `next_date` says where to continue. */
export async function loadAllSlots<Slot, Answer extends Part<Slot>, Range extends { from: string; to: string }>(
  load: (range: Range) => Promise<Answer & Part<Slot>>,
  range: Range,
): Promise<Answer> {
  const answer = await load(range)
  const { slots, next_date: next } = answer
  if (slots.length === 0 || next === null || next > range.to) return answer
  const rest = await loadAllSlots<Slot, Answer, Range>(load, { ...range, from: next })
  return { ...rest, slots: [...slots, ...rest.slots] }
}
