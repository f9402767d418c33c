import { Group, NumberInput, Radio, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { useText } from '../i18n/text.ts'
import { HeaderFields } from './header-fields.tsx'
import type { FieldsProps, WebhookValues } from './webhook-values.ts'

/** URL and description. */
export function TargetFields({ form }: FieldsProps) {
  const { t } = useText()
  return (
    <>
      <TextInput
        label={t('webhooks.url')}
        description={t('webhooks.url_hint')}
        placeholder="https://hooks.example.com/bookbell"
        type="url"
        inputMode="url"
        required
        withAsterisk={false}
        {...form.text('url')}
      />
      <Textarea
        label={t('webhooks.description')}
        description={t('webhooks.description_hint')}
        autosize
        minRows={1}
        maxLength={500}
        {...form.text('description')}
      />
    </>
  )
}

/** Ordering, custom headers and limits. */
export function SendingFields({ form }: FieldsProps) {
  const { t } = useText()
  return (
    <>
      <Switch
        label={t('webhooks.keep_order')}
        description={t('webhooks.keep_order_hint')}
        checked={form.values.ordering === 'meeting'}
        onChange={(event) => form.set({ ordering: event.currentTarget.checked ? 'meeting' : 'none' })}
      />
      <HeaderFields form={form} />
      <Group grow align="flex-start" className="number-fields">
        <NumberInput
          label={t('webhooks.concurrency')}
          description={t('webhooks.concurrency_hint')}
          min={1}
          max={256}
          allowDecimal={false}
          value={form.values.concurrency}
          error={form.errors.concurrency}
          onChange={(value) => form.set({ concurrency: typeof value === 'number' ? value : '' })}
        />
        <NumberInput
          label={t('webhooks.rate')}
          description={t('webhooks.rate_hint')}
          min={1}
          max={10_000}
          allowDecimal={false}
          value={form.values.rate_limit_per_second}
          error={form.errors.rate_limit_per_second}
          onChange={(value) => form.set({ rate_limit_per_second: typeof value === 'number' ? value : '' })}
        />
      </Group>
    </>
  )
}

/** How requests are signed, which can be chosen only when the webhook is created. */
export function SigningFields({ form }: FieldsProps) {
  const { t } = useText()
  return (
    <Radio.Group
      label={t('webhooks.signature')}
      description={t('webhooks.signature_hint')}
      value={form.values.signing}
      onChange={(value) => form.set({ signing: value as WebhookValues['signing'] })}
    >
      <Stack gap="sm" mt="sm">
        <Radio value="v1" label={t('webhooks.v1')} description={t('webhooks.v1_hint')} />
        <Radio value="v1a" label={t('webhooks.v1a')} description={t('webhooks.v1a_hint')} />
      </Stack>
    </Radio.Group>
  )
}
