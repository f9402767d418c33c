import { Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useResourceForm } from '../../parts/resource-form.ts'
import { detectZone } from '../../time/zones.ts'
import { roleTitles } from '../client/me.ts'
import { type Member, useChangeMember, useInviteNewMember } from '../client/members.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { ZoneSelect } from '../parts/zone-select.tsx'
import { LimitFields } from './limit-fields.tsx'

const roles = (['member', 'manager', 'admin'] as const).map((value) => ({ value, label: roleTitles[value] }))

const UNLIMITED = { meetings_per_day: null, meetings_per_week: null, minutes_per_day: null, minutes_per_week: null }

/** Invites a new member, or edits one. */
export function MemberForm({ member, onDone }: { member: Member | null; onDone: () => void }) {
  const invitation = useInviteNewMember()
  const change = useChangeMember()
  const form = useResourceForm({
    initial: {
      first_name: member?.first_name ?? '',
      last_name: member?.last_name ?? '',
      email: member?.email ?? '',
      role: member?.role ?? ('member' as const),
      timezone: member?.timezone ?? detectZone(),
      limits: member?.limits ?? UNLIMITED,
    },
    save: async (values) => {
      if (member) await change.mutateAsync({ id: member.id, ...values })
      else await invitation.mutateAsync(values)
    },
    onSaved: onDone,
  })
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput label="First name" required data-autofocus {...form.text('first_name')} />
          <TextInput label="Last name" {...form.text('last_name')} />
        </SimpleGrid>
        <TextInput label="E-mail" type="email" required {...form.text('email')} />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label="Role"
            data={roles}
            allowDeselect={false}
            value={form.values.role}
            onChange={(role) => role && form.set({ role })}
            error={form.errorAt('role')}
          />
          <ZoneSelect label="Time zone" {...form.field('timezone')} />
        </SimpleGrid>
        <LimitFields {...form.field('limits')} />
        <FormSubmit form={form}>{member ? 'Save' : 'Invite'}</FormSubmit>
      </Stack>
    </form>
  )
}
