import { Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core'
import { useResourceForm } from '../../parts/resource-form.ts'
import { type ApiKeyRole, keyRoleTitles, type NewApiKey, useCreateApiKey } from '../client/api-keys.ts'
import { nameOf, useMembers } from '../client/members.ts'
import { FormSubmit } from '../parts/form-actions.tsx'

const roles = (['read_only', 'member', 'manager', 'admin'] as const).map((value) => ({
  value,
  label: keyRoleTitles[value],
}))

const roleHelp: Record<ApiKeyRole, string> = {
  read_only: 'Reads everything except secrets, mails and exports. Changes nothing.',
  member: 'Reads and changes what one member may.',
  manager: 'Reads and changes the meetings and availability of everyone.',
  admin: 'Reads and changes everything.',
}

type Values = { name: string; role: ApiKeyRole; member: number | null; lastDay: string; networks: string }

const initial: Values = { name: '', role: 'read_only', member: null, lastDay: '', networks: '' }

/** Creates an API key. */
export function ApiKeyForm({ onCreated }: { onCreated: (created: NewApiKey) => void }) {
  const creation = useCreateApiKey()
  const form = useResourceForm({
    initial,
    save: (values) => creation.mutateAsync(inputOf(values)),
    onSaved: onCreated,
    fieldOf: (path) => (path === 'expires_at' ? 'lastDay' : path.startsWith('allowed_networks') ? 'networks' : path),
  })
  const { role, member } = form.values
  return (
    <form onSubmit={form.submit}>
      <Stack>
        <TextInput
          label="Name"
          description="The program that uses it, such as “CRM” or “Website”."
          required
          withAsterisk={false}
          maxLength={200}
          data-autofocus
          {...form.text('name')}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label="Role"
            description={roleHelp[role]}
            data={roles}
            allowDeselect={false}
            value={role}
            onChange={(next) => next && form.set({ role: next, member: null })}
            error={form.errorAt('role')}
          />
          {role === 'member' && (
            <MemberSelect
              value={member}
              onChange={(next) => form.set({ member: next })}
              error={form.errorAt('member')}
            />
          )}
        </SimpleGrid>
        <TextInput
          label="Last day"
          description="The key stops working at the end of this day. Leave empty for a key without an end."
          type="date"
          {...form.text('lastDay')}
        />
        <Textarea
          label="Allowed networks"
          description="IP addresses or ranges, one per line, such as 203.0.113.7 or 10.0.0.0/8. Leave empty for all."
          autosize
          minRows={2}
          spellCheck={false}
          {...form.text('networks')}
        />
        <FormSubmit form={form}>Create API key</FormSubmit>
      </Stack>
    </form>
  )
}

type MemberSelectProps = {
  value: number | null
  onChange: (member: number | null) => void
  error: string | undefined
}

function MemberSelect({ value, onChange, error }: MemberSelectProps) {
  const { data = [] } = useMembers()
  return (
    <Select
      label="Acts as"
      description="The key reaches the meetings and availability of this member."
      data={data.map((member) => ({ value: String(member.id), label: nameOf(member) || member.email }))}
      value={value === null ? null : String(value)}
      onChange={(next) => onChange(next === null ? null : Number(next))}
      searchable
      required
      withAsterisk={false}
      error={error}
    />
  )
}

function inputOf({ lastDay, networks, ...plain }: Values) {
  const ranges = networks.split(/[\s,]+/).filter((range) => range !== '')
  return {
    ...plain,
    expires_at: lastDay === '' ? null : endOfDay(lastDay),
    allowed_networks: ranges.length > 0 ? ranges : null,
  }
}

/** The instant at which a day ends for the viewer. */
function endOfDay(day: string): string {
  const midnight = new Date(`${day}T00:00`)
  midnight.setDate(midnight.getDate() + 1)
  return midnight.toISOString()
}
