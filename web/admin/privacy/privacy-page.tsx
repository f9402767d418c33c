import { NumberInput, Stack, Title } from '@mantine/core'
import { useResourceForm } from '../../parts/resource-form.ts'
import { type Settings, useChangeRetention, useSettings } from '../client/organization.ts'
import { useText } from '../i18n/text.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Loaded } from '../parts/states.tsx'
import { PersonSearch } from './person-search.tsx'

/**
 * `/admin/settings/privacy`: the stored data about a person, how to export and erase it, and how long people's data in meetings
 * is kept.
 */
export function PrivacyPage() {
  const { t } = useText()
  const settings = useSettings()
  return (
    <>
      <PageHead title={t('privacy.title')} lead={t('privacy.lead')} />
      <Stack gap="xl" maw={640}>
        <PersonSearch />
        <Loaded query={settings}>{(data) => <RetentionForm settings={data} />}</Loaded>
      </Stack>
    </>
  )
}

function RetentionForm({ settings }: { settings: Settings }) {
  const { t } = useText()
  const change = useChangeRetention()
  const form = useResourceForm({
    initial: { meeting_retention_days: settings.meeting_retention_days ?? ('' as number | string) },
    save: ({ meeting_retention_days: days }) => change.mutateAsync(days === '' ? null : Number(days)),
  })
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack className="card">
        <Title order={2} size="h4">
          {t('privacy.past')}
        </Title>
        <NumberInput
          label={t('privacy.days')}
          description={t('privacy.days_help')}
          min={1}
          max={36_500}
          allowDecimal={false}
          {...form.field('meeting_retention_days')}
        />
        <FormSubmit form={form}>{t('parts.save')}</FormSubmit>
      </Stack>
    </form>
  )
}
