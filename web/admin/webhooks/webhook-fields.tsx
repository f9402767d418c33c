import { Group, NumberInput, Radio, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { HeaderFields } from './header-fields.tsx'
import type { FieldsProps, WebhookValues } from './webhook-values.ts'

/** URL and description. */
export function TargetFields({ form }: FieldsProps) {
  return (
    <>
      <TextInput
        label="URL"
        description="Receives the POST requests. Must start with https://, except on this machine or in ranges that the server allows."
        placeholder="https://hooks.example.com/bookbell"
        type="url"
        inputMode="url"
        required
        withAsterisk={false}
        {...form.text('url')}
      />
      <Textarea
        label="Description"
        description="For admins, such as “CRM of the sales team”."
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
  return (
    <>
      <Switch
        label="Keep the order within each meeting"
        description="Each delivery waits for the previous one of the same meeting. Otherwise newer deliveries may arrive first; compare ids to order them."
        checked={form.values.ordering === 'meeting'}
        onChange={(event) => form.set({ ordering: event.currentTarget.checked ? 'meeting' : 'none' })}
      />
      <HeaderFields form={form} />
      <Group grow align="flex-start" className="number-fields">
        <NumberInput
          label="Concurrency"
          description="Maximum concurrent requests."
          min={1}
          max={256}
          allowDecimal={false}
          value={form.values.concurrency}
          error={form.errors.concurrency}
          onChange={(value) => form.set({ concurrency: typeof value === 'number' ? value : '' })}
        />
        <NumberInput
          label="Requests per second"
          description="Leave empty for no limit."
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
  return (
    <Radio.Group
      label="Signature"
      description="Lets your receiver verify that a request is from Bookbell (Standard Webhooks). Cannot be changed later."
      value={form.values.signing}
      onChange={(value) => form.set({ signing: value as WebhookValues['signing'] })}
    >
      <Stack gap="sm" mt="sm">
        <Radio
          value="v1"
          label="Shared secret (v1, HMAC-SHA256)"
          description="Supported by most receivers and libraries: both sides know the secret."
        />
        <Radio
          value="v1a"
          label="Key pair (v1a, Ed25519)"
          description="The receiver only has the public key, so a leak from it cannot be used to sign requests."
        />
      </Stack>
    </Radio.Group>
  )
}
