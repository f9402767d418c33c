import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { eachDatabase } from '../../test/support/databases.ts'
import { type Delivering, startDelivering } from '../../test/support/delivering.ts'
import { startReceiver } from '../../test/support/receiver.ts'
import { waitFor } from '../../test/support/wait.ts'
import { accept } from '../errors.ts'
import { manualClock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { changeWebhook } from '../webhooks/service.ts'
import { replayDeliveries } from './replays.ts'
import { resendDelivery } from './resending.ts'

const MEETINGS = 8
const history = ['Meeting.scheduled', 'Meeting.tagged', 'Meeting.untagged', 'Meeting.cancelled'] as const

eachDatabase((open) => {
  let database: Database | undefined
  const stops: (() => Promise<void>)[] = []
  const stopAll = async () => {
    for (const stop of stops.splice(0)) await stop()
  }
  after(stopAll)

  /**
   * Two dispatchers that share a database and a clock, and an ordered webhook whose receiver records the requests that it
   * accepted.
   */
  async function begin(
    t: { after(work: () => Promise<void>): void },
    refuses: (action: string, turn: number) => boolean,
  ) {
    database ??= await open()
    await stopAll()
    const clock = manualClock(Date.UTC(2027, 2, 1))
    const delivering = await startDelivering(database, { clock })
    stops.push(() => delivering.stop())
    const second = await startDelivering(database, { clock })
    stops.push(() => second.stop())
    const accepted = new Map<number, string[]>()
    const turns = new Map<string, number>()
    const receiver = await startReceiver({
      answer: ({ text }) => {
        const { action, entity: meeting } = JSON.parse(text)
        const turn = (turns.get(`${meeting.id} ${action}`) ?? 0) + 1
        turns.set(`${meeting.id} ${action}`, turn)
        if (refuses(action, turn)) return { status: 500 }
        accepted.set(meeting.id, [...(accepted.get(meeting.id) ?? []), action])
        return { status: 200 }
      },
    })
    t.after(() => receiver.close())
    const { id } = await delivering.makeWebhook({ url: receiver.url, ordering: 'meeting' })
    const wake = (milliseconds: number) => {
      clock.advance(milliseconds)
      delivering.dispatcher.wake()
      second.dispatcher.wake()
    }
    return { delivering, id, accepted, wake }
  }

  const settled = ({ deliveries }: Delivering, id: number, count: number) =>
    waitFor(
      async () => {
        const found = await deliveries(id)
        return found.length === count && found.every(({ status }) => status !== 'pending') && found
      },
      { withinMs: 30_000 },
    )

  test('two dispatchers keep the order of every meeting, even if the first attempt of each delivery fails', async (t) => {
    const { delivering, id, accepted, wake } = await begin(
      t,
      (action, turn) => action === 'Meeting.tagged' && turn === 1,
    )
    for (let meeting = 1; meeting <= MEETINGS; meeting++) await delivering.happen([...history], meeting)
    await waitFor(() => accepted.size === MEETINGS)
    const tried = async () =>
      (await delivering.deliveries(id)).filter(
        ({ action, attempts }) => action === 'Meeting.tagged' && attempts.length > 0,
      )
    await waitFor(async () => (await tried()).length === MEETINGS)
    assert.ok([...accepted.values()].every((actions) => actions.length === 1))
    wake(6_000)
    await settled(delivering, id, MEETINGS * history.length)
    for (const actions of accepted.values()) assert.deepEqual(actions, [...history])
  })

  test('a replay goes before later pending deliveries, and a resend keeps its place in the order', async (t) => {
    const { delivering, id, accepted, wake } = await begin(t, () => false)
    const { organization, engine } = delivering
    await delivering.happen(['Meeting.scheduled', 'Meeting.tagged'], 1)
    const [scheduled] = await settled(delivering, id, 2)
    const change = (state: 'paused' | 'enabled') =>
      changeWebhook(engine.webhooks, { kind: 'operator', organization }, { id, patch: { state } }).then(accept)
    await change('paused')
    wake(1_000)
    await delivering.happen(['Meeting.cancelled'], 1)
    accept(await resendDelivery(engine.deliveries, { kind: 'operator', organization }, { id: scheduled?.id ?? 0 }))
    const input = { since: '2027-01-01T00:00:00Z', until: '2027-03-01T00:00:01Z', only: 'all' as const }
    accept(await replayDeliveries(engine.deliveries, { kind: 'operator', organization }, { webhook: id, input }))
    await change('enabled')
    await settled(delivering, id, 6)
    assert.deepEqual(accepted.get(1)?.slice(2), [
      'Meeting.scheduled',
      'Meeting.scheduled',
      'Meeting.tagged',
      'Meeting.cancelled',
    ])
  })
})
