import { Stack, TextInput } from '@mantine/core'
import { useResourceForm } from '../../parts/resource-form.ts'
import { useBlock, useBlockedAttendees, useUnblock } from '../client/blocked-attendees.ts'
import { useText } from '../i18n/text.ts'
import { dayText } from '../parts/dates.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { DeleteButton, ResourcePage } from '../parts/resource-page.tsx'

/** `/admin/settings/blocked`: who cannot book on the pages. */
export function BlockedPage() {
  const { t } = useText()
  return (
    <ResourcePage
      title={t('blocked.title')}
      lead={t('blocked.lead')}
      icon="stop"
      addLabel={t('blocked.block')}
      list={useBlockedAttendees()}
      emptyTitle={t('blocked.empty_title')}
      emptyText={t('blocked.empty_text')}
      rowClass="row"
      row={(blocked, { remove }) => (
        <>
          <div className="row-text">
            {blocked.kind === 'domain' ? t('blocked.everyone_at', { domain: blocked.value }) : blocked.value}
          </div>
          <span className="row-note">{t('blocked.blocked_on', { date: dayText(blocked.created_at) })}</span>
          <DeleteButton label={t('blocked.unblock_named', { name: blocked.value })} onClick={remove} />
        </>
      )}
      dialog={{ title: () => t('blocked.block'), form: (_, close) => <BlockForm onDone={close} /> }}
      deletion={{
        change: useUnblock(),
        title: ({ value }) => t('blocked.unblock_question', { name: value }),
        text: t('blocked.unblock_text'),
        action: t('blocked.unblock'),
      }}
    />
  )
}

function BlockForm({ onDone }: { onDone: () => void }) {
  const { t } = useText()
  const creation = useBlock()
  const form = useResourceForm({
    initial: { value: '' },
    save: ({ value }) => creation.mutateAsync(value),
    onSaved: onDone,
  })
  return (
    <form onSubmit={form.submit}>
      <Stack>
        <TextInput
          label={t('blocked.value')}
          description={t('blocked.value_help')}
          required
          withAsterisk={false}
          maxLength={254}
          data-autofocus
          {...form.text('value')}
        />
        <FormSubmit form={form}>{t('blocked.block')}</FormSubmit>
      </Stack>
    </form>
  )
}
