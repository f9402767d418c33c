import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { chooseHosts, type HostLoad } from './assignment.ts'

const hosts = [1, 2, 3].map((member) => ({ member, priority: 3 }))
const load = (member: number, upcoming: number, lastAssignedAt: string | null = null): HostLoad => ({
  member,
  upcoming,
  lastAssignedAt,
})

describe('round robin', () => {
  const order = (loads: HostLoad[], priorities = hosts) =>
    chooseHosts({ assignment: 'round_robin', hosts: priorities }, [1, 2, 3], loads).flat()

  test('tries the host with the fewest upcoming meetings first', () => {
    assert.deepEqual(order([load(1, 5), load(2, 0), load(3, 2)]), [2, 3, 1])
  })

  test('weights the hosts by priority', () => {
    const priorities = [
      { member: 1, priority: 5 },
      { member: 2, priority: 1 },
      { member: 3, priority: 2 },
    ]
    assert.deepEqual(order([load(1, 4), load(2, 1), load(3, 1)], priorities), [3, 1, 2])
  })

  test('breaks ties by the least recent assignment; hosts never assigned come first', () => {
    const loads = [load(1, 1, '2027-03-01T00:00:00.000000Z'), load(2, 1, '2027-02-01T00:00:00.000000Z'), load(3, 1)]
    assert.deepEqual(order(loads), [3, 2, 1])
  })

  test('keeps the order of the meeting type for hosts that are otherwise equal', () => {
    assert.deepEqual(order([load(3, 0), load(2, 0), load(1, 0)]), [1, 2, 3])
  })
})

test('joint takes all hosts together', () => {
  assert.deepEqual(chooseHosts({ assignment: 'joint', hosts }, [1, 2, 3], []), [[1, 2, 3]])
})

test('without free hosts, there is no candidate', () => {
  assert.deepEqual(chooseHosts({ assignment: 'joint', hosts }, [], []), [])
})
