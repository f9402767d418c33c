import { Button, Group, Text } from '@mantine/core'
import { useResourceForm } from '../../parts/resource-form.ts'
import { useChangeWebhook, type Webhook } from '../client/webhooks.ts'
import { useText } from '../i18n/text.ts'
import { CopyText } from '../parts/copy-text.tsx'
import { UnsavedChanges } from '../parts/form-actions.tsx'
import { FormError } from '../parts/form-error.tsx'
import { ActionFields } from './action-fields.tsx'
import { FilterFields } from './filter-fields.tsx'
import { SendingFields, TargetFields } from './webhook-fields.tsx'
import { checkConditions, inputOf, valuesOf } from './webhook-values.ts'

/** Edits the settings that were chosen when the webhook was added. */
export function SettingsPanel({ webhook }: { webhook: Webhook }) {
  const { t } = useText()
  const change = useChangeWebhook(webhook.id, { done: t('parts.saved'), quiet: true })
  const form = useResourceForm({
    initial: valuesOf(webhook),
    validate: (values) => checkConditions(values, t),
    save: (values) => change.mutateAsync(inputOf(values)),
    onSaved: (saved) => form.reset(valuesOf(saved)),
  })
  return (
    <form onSubmit={form.submit} className="webhook-form">
      <section className="card stack" aria-label={t('webhooks.target')}>
        <TargetFields form={form} />
      </section>
      <section className="card stack" aria-label={t('webhooks.activities')}>
        <ActionFields form={form} />
      </section>
      <section className="card stack" aria-label={t('webhooks.filter')}>
        <FilterFields form={form} />
      </section>
      <section className="card stack" aria-label={t('webhooks.sending')}>
        <SendingFields form={form} />
      </section>
      {webhook.public_key && (
        <section className="card stack" aria-label={t('webhooks.public_key')}>
          <Text fw={600}>{t('webhooks.public_key')} (v1a)</Text>
          <CopyText text={webhook.public_key} />
        </section>
      )}
      <FormError text={form.error} />
      <Group>
        <Button type="submit" loading={form.saving} disabled={!form.changed}>
          {t('parts.save')}
        </Button>
        {form.changed && <UnsavedChanges onUndo={() => form.reset(valuesOf(webhook))} />}
      </Group>
    </form>
  )
}
