import { MultiSelect, Radio, Select, Stack } from '@mantine/core'
import { nameOf, useMembers } from '../client/members.ts'
import type { TabProps } from './tab.ts'
import type { TypeDraft } from './type-draft.ts'

/** Who hosts, and how one of several hosts is assigned. */
export function HostsTab({ form }: TabProps) {
  const { values, set } = form
  const members = useMembers()
  const choose = (ids: string[]) => {
    const hosts = ids
      .map(Number)
      .map((id) => values.hosts.find(({ member }) => member === id) ?? { member: id, priority: 3 })
    const assignment = hosts.length === 1 ? 'fixed' : values.assignment === 'fixed' ? 'round_robin' : values.assignment
    set({ hosts, assignment })
  }
  return (
    <>
      <MultiSelect
        label="Hosts"
        description="Order matters: the first is the main host of a joint meeting."
        searchable
        data={members.data?.map((member) => ({ value: String(member.id), label: nameOf(member) })) ?? []}
        value={values.hosts.map(({ member }) => String(member))}
        error={form.errorAt('hosts')}
        onChange={choose}
      />
      {values.hosts.length > 1 && <AssignmentField form={form} />}
      {values.hosts.length > 1 && values.assignment === 'round_robin' && <PriorityFields form={form} />}
    </>
  )
}

function AssignmentField({ form }: TabProps) {
  return (
    <Radio.Group
      label="Assignment"
      value={form.values.assignment}
      error={form.errorAt('assignment')}
      onChange={(assignment) => form.set({ assignment: assignment as TypeDraft['assignment'] })}
    >
      <Stack gap="sm" mt="xs">
        <Radio
          value="round_robin"
          label="Round robin"
          description="Shares the meetings of this type among the available hosts, weighted by priority."
        />
        <Radio value="joint" label="All hosts together" description="Shows times when everyone is free." />
        <Radio value="attendee_chooses" label="The attendee chooses" />
      </Stack>
    </Radio.Group>
  )
}

const priorities = [
  { value: '1', label: '1: lowest' },
  { value: '2', label: '2' },
  { value: '3', label: '3: normal' },
  { value: '4', label: '4' },
  { value: '5', label: '5: highest' },
]

function PriorityFields({ form: { values, set } }: TabProps) {
  const members = useMembers()
  const labelOf = (id: number) => {
    const member = members.data?.find((known) => known.id === id)
    return `Priority of ${member ? nameOf(member) : `member ${id}`}`
  }
  return values.hosts.map(({ member, priority }, at) => (
    <Select
      key={member}
      label={labelOf(member)}
      allowDeselect={false}
      data={priorities}
      value={String(priority)}
      onChange={(chosen) => set({ hosts: values.hosts.with(at, { member, priority: Number(chosen) }) })}
    />
  ))
}
