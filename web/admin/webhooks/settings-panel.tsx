import { Button, Group, Text } from '@mantine/core'
import { useResourceForm } from '../../parts/resource-form.ts'
import { useChangeWebhook, type Webhook } from '../client/webhooks.ts'
import { CopyText } from '../parts/copy-text.tsx'
import { UnsavedChanges } from '../parts/form-actions.tsx'
import { FormError } from '../parts/form-error.tsx'
import { ActionFields } from './action-fields.tsx'
import { FilterFields } from './filter-fields.tsx'
import { SendingFields, TargetFields } from './webhook-fields.tsx'
import { checkConditions, inputOf, valuesOf } from './webhook-values.ts'

/** Edits the settings that were chosen when the webhook was added. */
export function SettingsPanel({ webhook }: { webhook: Webhook }) {
  const change = useChangeWebhook(webhook.id, { done: 'Saved', quiet: true })
  const form = useResourceForm({
    initial: valuesOf(webhook),
    validate: checkConditions,
    save: (values) => change.mutateAsync(inputOf(values)),
    onSaved: (saved) => form.reset(valuesOf(saved)),
  })
  return (
    <form onSubmit={form.submit} className="webhook-form">
      <section className="card stack" aria-label="Target">
        <TargetFields form={form} />
      </section>
      <section className="card stack" aria-label="Activities">
        <ActionFields form={form} />
      </section>
      <section className="card stack" aria-label="Filter">
        <FilterFields form={form} />
      </section>
      <section className="card stack" aria-label="Sending">
        <SendingFields form={form} />
      </section>
      {webhook.public_key && (
        <section className="card stack" aria-label="Public key">
          <Text fw={600}>Public key (v1a)</Text>
          <CopyText text={webhook.public_key} />
        </section>
      )}
      <FormError text={form.error} />
      <Group>
        <Button type="submit" loading={form.saving} disabled={!form.changed}>
          Save
        </Button>
        {form.changed && <UnsavedChanges onUndo={() => form.reset(valuesOf(webhook))} />}
      </Group>
    </form>
  )
}
