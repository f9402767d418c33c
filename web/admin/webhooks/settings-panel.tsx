import { Button, Group, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { errorsOf } from '../client/api.ts'
import { useChangeWebhook, type Webhook } from '../client/webhooks.ts'
import { CopyText } from '../parts/copy-text.tsx'
import { FormError } from '../parts/form-error.tsx'
import { ActionFields, fieldNames, inputOf, SendingFields, TargetFields, valuesOf } from './webhook-fields.tsx'

/** What was chosen when the webhook was added, to be changed. */
export function SettingsPanel({ webhook }: { webhook: Webhook }) {
  const [saved, setSaved] = useState(() => valuesOf(webhook))
  const [values, setValues] = useState(saved)
  const change = useChangeWebhook(webhook.id, { done: 'Saved.', quiet: true })
  const errors = errorsOf(change.error, fieldNames)
  const changed = JSON.stringify(values) !== JSON.stringify(saved)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(inputOf(values), { onSuccess: () => setSaved(values) })
  }
  const props = {
    values,
    errors,
    onChange: (part: Partial<typeof values>) => setValues({ ...values, ...part }),
  }
  return (
    <form onSubmit={submit} className="webhook-form">
      <section className="card stack" aria-label="Target">
        <TargetFields {...props} />
      </section>
      <section className="card stack" aria-label="Activities">
        <ActionFields {...props} />
      </section>
      <section className="card stack" aria-label="Sending">
        <SendingFields {...props} />
      </section>
      {webhook.public_key && (
        <section className="card stack" aria-label="Public key">
          <Text fw={600}>Public key (v1a)</Text>
          <CopyText text={webhook.public_key} />
        </section>
      )}
      <FormError text={errors.form} />
      <Group>
        <Button type="submit" loading={change.isPending} disabled={!changed}>
          Save
        </Button>
        {changed && (
          <Text size="sm" c="dimmed">
            There are changes that are not saved.
          </Text>
        )}
      </Group>
    </form>
  )
}
