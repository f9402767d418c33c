import { Button, Group, Stack, Text } from '@mantine/core'
import type { FormEvent } from 'react'
import { cityOf } from '../../time/zones.ts'
import { useChange } from '../client/api.ts'
import { changeMember, type Member } from '../client/members.ts'
import { LimitFields } from '../members/limit-fields.tsx'
import { useDraft } from '../parts/draft.ts'
import { FormError } from '../parts/form-error.tsx'

/** How much of a day and a week may be booked. */
export function LimitsForm({ member }: { member: Member }) {
  const draft = useDraft({ limits: member.limits })
  const saving = useChange<Member['limits'], Member>({
    call: (limits) => changeMember(member.id, { limits }),
    refresh: [['members'], ['slots']],
    done: 'Saved',
    onDone: ({ limits }) => draft.reset({ limits }),
    quiet: true,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saving.mutate(draft.values.limits, { onError: draft.fail })
  }
  return (
    <form onSubmit={submit} className="card" noValidate>
      <Stack>
        <LimitFields {...draft.field('limits')} />
        <Text size="sm" c="dimmed">
          Over all meeting types, in days and weeks (from Monday) of {cityOf(member.timezone)}. Nothing is offered
          beyond.
        </Text>
        <FormError text={draft.errors.form} />
        <Group>
          <Button type="submit" loading={saving.isPending} disabled={!draft.changed}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
