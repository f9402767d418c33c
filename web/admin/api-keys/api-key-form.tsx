import { Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core'
import { useResourceForm } from '../../parts/resource-form.ts'
import { type ApiKeyRole, keyRoleTexts, type NewApiKey, useCreateApiKey } from '../client/api-keys.ts'
import { memberChoices } from '../client/choices.ts'
import { useText } from '../i18n/text.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { SearchSelect } from '../parts/search-select.tsx'

const roles = ['read_only', 'member', 'manager', 'admin'] as const

type Values = { name: string; role: ApiKeyRole; member: number | null; lastDay: string; networks: string }

const initial: Values = { name: '', role: 'read_only', member: null, lastDay: '', networks: '' }

/** Creates an API key. */
export function ApiKeyForm({ onCreated }: { onCreated: (created: NewApiKey) => void }) {
  const { t } = useText()
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
          label={t('parts.name')}
          description={t('apiKeys.name_help')}
          required
          withAsterisk={false}
          maxLength={200}
          data-autofocus
          {...form.text('name')}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label={t('apiKeys.role')}
            description={t(`apiKeys.help_${role}`)}
            data={roles.map((value) => ({ value, label: t(keyRoleTexts[value]) }))}
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
          label={t('apiKeys.last_day')}
          description={t('apiKeys.last_day_help')}
          type="date"
          {...form.text('lastDay')}
        />
        <Textarea
          label={t('apiKeys.networks')}
          description={t('apiKeys.networks_help')}
          autosize
          minRows={2}
          spellCheck={false}
          {...form.text('networks')}
        />
        <FormSubmit form={form}>{t('apiKeys.create')}</FormSubmit>
      </Stack>
    </form>
  )
}

const allMembers = memberChoices()

type MemberSelectProps = {
  value: number | null
  onChange: (member: number | null) => void
  error: string | undefined
}

function MemberSelect({ value, onChange, error }: MemberSelectProps) {
  const { t } = useText()
  return (
    <SearchSelect
      label={t('apiKeys.acts_as')}
      description={t('apiKeys.acts_as_help')}
      source={allMembers}
      value={value === null ? null : String(value)}
      onChange={(next) => onChange(next === null ? null : Number(next))}
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

/** Returns the instant when a day ends in the viewer's time zone. */
function endOfDay(day: string): string {
  const midnight = new Date(`${day}T00:00`)
  midnight.setDate(midnight.getDate() + 1)
  return midnight.toISOString()
}
