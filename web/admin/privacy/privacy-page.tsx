import { NumberInput, Stack, Title } from '@mantine/core'
import { useResourceForm } from '../../parts/resource-form.ts'
import { type Settings, useChangeRetention, useSettings } from '../client/organization.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Loaded } from '../parts/states.tsx'
import { PersonSearch } from './person-search.tsx'

/** `/admin/settings/privacy`: what is stored about a person, its export and erasure, and how long meetings keep their people. */
export function PrivacyPage() {
  const settings = useSettings()
  return (
    <>
      <PageHead title="Privacy" lead="See, export and erase what is stored about a person." />
      <Stack gap="xl" maw={640}>
        <PersonSearch />
        <Loaded query={settings}>{(data) => <RetentionForm settings={data} />}</Loaded>
      </Stack>
    </>
  )
}

function RetentionForm({ settings }: { settings: Settings }) {
  const change = useChangeRetention()
  const form = useResourceForm({
    initial: { meeting_retention_days: settings.meeting_retention_days ?? ('' as number | string) },
    save: ({ meeting_retention_days: days }) => change.mutateAsync(days === '' ? null : Number(days)),
  })
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack className="card">
        <Title order={2} size="h4">
          Past meetings
        </Title>
        <NumberInput
          label="Erase people after (days)"
          description="Names, addresses and answers of attendees are erased this many days after a meeting has ended; the meeting stays. Cannot be undone. Leave empty to keep them."
          min={1}
          max={36_500}
          allowDecimal={false}
          {...form.field('meeting_retention_days')}
        />
        <FormSubmit form={form}>Save</FormSubmit>
      </Stack>
    </form>
  )
}
