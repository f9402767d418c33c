import { Button, Group, Radio, Stack, Title } from '@mantine/core'
import { type ResourceForm, useResourceForm } from '../../parts/resource-form.ts'
import { type Member, useChangeMember } from '../client/members.ts'
import type { AdminKey } from '../i18n/catalog.ts'
import { useText } from '../i18n/text.ts'
import { FormError } from '../parts/form-error.tsx'
import { LeaveQuestion } from '../parts/leave-question.tsx'

type Draft = Pick<Member, 'calendar_changes' | 'calendar_failure'>
type Choice = { value: string; label: AdminKey; note: AdminKey }

const onChanges: Choice[] = [
  { value: 'ask', label: 'connections.changes_ask', note: 'connections.changes_ask_note' },
  { value: 'follow', label: 'connections.changes_follow', note: 'connections.changes_follow_note' },
  { value: 'ignore', label: 'connections.changes_ignore', note: 'connections.changes_ignore_note' },
]
const onFailure: Choice[] = [
  { value: 'last_known', label: 'connections.failure_last_known', note: 'connections.failure_last_known_note' },
  { value: 'closed', label: 'connections.failure_closed', note: 'connections.failure_closed_note' },
]

/** What happens when a meeting is changed in the calendar, and when a calendar cannot be read. */
export function BehaviourForm({ member, isOwn }: { member: Member; isOwn: boolean }) {
  const { t } = useText()
  const change = useChangeMember()
  const { calendar_changes, calendar_failure } = member
  const form = useResourceForm<Draft, Member>({
    initial: { calendar_changes, calendar_failure },
    save: (values) => change.mutateAsync({ id: member.id, ...values }),
    onSaved: ({ calendar_changes, calendar_failure }) => form.reset({ calendar_changes, calendar_failure }),
  })
  const ofChanges = t(isOwn ? 'connections.on_changes' : 'connections.on_changes_of')
  return (
    <form onSubmit={form.submit} className="card calendar-behaviour" noValidate>
      <Stack>
        <Title order={2} size="h4">
          {t('connections.behaviour')}
        </Title>
        <div className="two-columns">
          <Choices form={form} name="calendar_changes" label={ofChanges} choices={onChanges} />
          <Choices form={form} name="calendar_failure" label={t('connections.on_failure')} choices={onFailure} />
        </div>
        <FormError text={form.error} />
        <Group>
          <Button type="submit" loading={form.saving} disabled={!form.changed}>
            {t('parts.save')}
          </Button>
        </Group>
      </Stack>
      {/* Another tab of the page is a separate entry in the history. */}
      <LeaveQuestion inDialog asks={() => form.changed} />
    </form>
  )
}

type ChoicesProps = { form: ResourceForm<Draft>; name: keyof Draft; label: string; choices: Choice[] }

function Choices({ form, name, label, choices }: ChoicesProps) {
  const { t } = useText()
  return (
    <Radio.Group
      label={label}
      value={form.values[name]}
      onChange={(value) => form.set({ [name]: value } as Partial<Draft>)}
    >
      <Stack gap="xs" mt="xs">
        {choices.map((choice) => (
          <Radio key={choice.value} value={choice.value} label={t(choice.label)} description={t(choice.note)} />
        ))}
      </Stack>
    </Radio.Group>
  )
}
