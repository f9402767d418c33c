import { Radio, Select, Stack } from '@mantine/core'
import { memberChoices } from '../client/choices.ts'
import { useMemberNames } from '../client/members.ts'
import type { AdminKey } from '../i18n/catalog.ts'
import { useText } from '../i18n/text.ts'
import { SearchMultiSelect } from '../parts/search-multi-select.tsx'
import type { TabProps } from './tab.ts'
import type { TypeDraft } from './type-draft.ts'

const allMembers = memberChoices()

/** Who hosts, and how one of several hosts is assigned. */
export function HostsTab({ form }: TabProps) {
  const { t } = useText()
  const { values, set } = form
  const choose = (ids: string[]) => {
    const hosts = ids
      .map(Number)
      .map((id) => values.hosts.find(({ member }) => member === id) ?? { member: id, priority: 3 })
    const assignment = hosts.length === 1 ? 'fixed' : values.assignment === 'fixed' ? 'round_robin' : values.assignment
    set({ hosts, assignment })
  }
  return (
    <>
      <SearchMultiSelect
        label={t('meetingTypes.hosts')}
        description={t('meetingTypes.hosts_note')}
        source={allMembers}
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
  const { t } = useText()
  return (
    <Radio.Group
      label={t('meetingTypes.assignment')}
      value={form.values.assignment}
      error={form.errorAt('assignment')}
      onChange={(assignment) => form.set({ assignment: assignment as TypeDraft['assignment'] })}
    >
      <Stack gap="sm" mt="xs">
        <Radio
          value="round_robin"
          label={t('meetingTypes.round_robin')}
          description={t('meetingTypes.round_robin_note')}
        />
        <Radio value="joint" label={t('meetingTypes.joint')} description={t('meetingTypes.joint_note')} />
        <Radio value="attendee_chooses" label={t('meetingTypes.attendee_chooses')} />
      </Stack>
    </Radio.Group>
  )
}

const priorityNames: Partial<Record<number, AdminKey>> = {
  1: 'meetingTypes.priority_lowest',
  3: 'meetingTypes.priority_normal',
  5: 'meetingTypes.priority_highest',
}

function PriorityFields({ form: { values, set } }: TabProps) {
  const { t } = useText()
  const nameOfMember = useMemberNames(values.hosts.map(({ member }) => member))
  const data = [1, 2, 3, 4, 5].map((priority) => {
    const name = priorityNames[priority]
    return { value: String(priority), label: name ? `${priority} – ${t(name)}` : String(priority) }
  })
  return values.hosts.map(({ member, priority }, at) => (
    <Select
      key={member}
      label={t('meetingTypes.priority_of', { name: nameOfMember(member) })}
      allowDeselect={false}
      data={data}
      value={String(priority)}
      onChange={(chosen) => set({ hosts: values.hosts.with(at, { member, priority: Number(chosen) }) })}
    />
  ))
}
