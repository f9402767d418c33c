import { Button, Group, Stack, Text } from '@mantine/core'
import { useResourceForm } from '../../parts/resource-form.ts'
import { cityOf } from '../../time/zones.ts'
import { type Member, useChangeMember } from '../client/members.ts'
import { useText } from '../i18n/text.ts'
import { LimitFields } from '../members/limit-fields.tsx'
import { FormError } from '../parts/form-error.tsx'
import { LeaveQuestion } from '../parts/leave-question.tsx'

/** Edits how much can be booked per day and per week. */
export function LimitsForm({ member }: { member: Member }) {
  const { t } = useText()
  const change = useChangeMember()
  const form = useResourceForm({
    initial: { limits: member.limits },
    save: ({ limits }) => change.mutateAsync({ id: member.id, limits }),
    onSaved: ({ limits }) => form.reset({ limits }),
  })
  return (
    <form onSubmit={form.submit} className="card" noValidate>
      <Stack>
        <LimitFields {...form.field('limits')} />
        <Text size="sm" c="dimmed">
          {t('availability.limits_text', { zone: cityOf(member.timezone) })}
        </Text>
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
