import { Button, Group, Stack, Text } from '@mantine/core'
import { useResourceForm } from '../../parts/resource-form.ts'
import { cityOf } from '../../time/zones.ts'
import { type Member, useChangeMember } from '../client/members.ts'
import { LimitFields } from '../members/limit-fields.tsx'
import { FormError } from '../parts/form-error.tsx'

/** Edits how much can be booked per day and per week. */
export function LimitsForm({ member }: { member: Member }) {
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
          Apply to all meeting types together. Days and weeks (from Monday) are in the time zone of{' '}
          {cityOf(member.timezone)}.
        </Text>
        <FormError text={form.error} />
        <Group>
          <Button type="submit" loading={form.saving} disabled={!form.changed}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
