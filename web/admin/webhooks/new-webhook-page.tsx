import { Button, Group, Stack, Tabs, Text, Title } from '@mantine/core'
import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { CopyButton } from '../../parts/copy-button.tsx'
import { useResourceForm } from '../../parts/resource-form.ts'
import { useCreateWebhook, type WebhookWithSecret } from '../client/webhooks.ts'
import { CopyText, ShownOnce } from '../parts/copy-text.tsx'
import { FormError } from '../parts/form-error.tsx'
import { Icon } from '../parts/icon.tsx'
import { BackLink, PageHead } from '../parts/page-head.tsx'
import { ActionFields } from './action-fields.tsx'
import { FilterFields } from './filter-fields.tsx'
import { TestDialog } from './test-dialog.tsx'
import { type Program, publicKeyPrograms, sharedSecretPrograms } from './verifying-code.ts'
import { SendingFields, SigningFields, TargetFields } from './webhook-fields.tsx'
import { checkConditions, inputOf, valuesOf } from './webhook-values.ts'
import './webhooks.css'

/** `/admin/settings/webhooks/new`: first the form, then the secret, shown once. */
export function NewWebhookPage() {
  const [created, setCreated] = useState<WebhookWithSecret | null>(null)
  return (
    <>
      <PageHead
        title={created ? 'Webhook added' : 'Add webhook'}
        back={<BackLink render={(props) => <Link {...props} to="/settings/webhooks" />}>Webhooks</BackLink>}
      />
      {created ? <Created webhook={created} /> : <NewForm onCreated={setCreated} />}
    </>
  )
}

function NewForm({ onCreated }: { onCreated: (webhook: WebhookWithSecret) => void }) {
  const { url } = useSearch({ from: '/settings/webhooks/new' })
  const creation = useCreateWebhook()
  const form = useResourceForm({
    initial: valuesOf(null, url),
    validate: checkConditions,
    save: (values) => creation.mutateAsync({ ...inputOf(values), signing: values.signing }),
    onSaved: onCreated,
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
      <details className="card">
        <summary>Order, headers, limits and signature</summary>
        <Stack gap="lg" mt="lg">
          <SendingFields form={form} />
          <SigningFields form={form} />
        </Stack>
      </details>
      <FormError text={form.error} />
      <Group>
        <Button type="submit" loading={form.saving}>
          Add webhook
        </Button>
      </Group>
    </form>
  )
}

function Created({ webhook }: { webhook: WebhookWithSecret }) {
  const [testing, setTesting] = useState(false)
  return (
    <div className="webhook-form">
      {webhook.public_key ? (
        <section className="card stack" aria-label="Public key">
          <Title order={2} size="h4">
            Public key
          </Title>
          <Text size="sm" c="dimmed">
            Your receiver verifies signatures with it. You can find it later in the webhook’s settings.
          </Text>
          <CopyText text={webhook.public_key} />
        </section>
      ) : (
        <ShownOnce secret={webhook.secret} label="Signing secret">
          Your receiver verifies signatures with it. Copy it now.
        </ShownOnce>
      )}
      <section className="card" aria-label="Verification">
        <Title order={2} size="h4">
          Verify requests
        </Title>
        <Text size="sm" c="dimmed" mt={4} mb="md">
          Signed according to Standard Webhooks. Verify the raw body before parsing it.
        </Text>
        <VerifyingCode programs={webhook.public_key ? publicKeyPrograms : sharedSecretPrograms} />
      </section>
      <Group>
        <Button leftSection={<Icon name="send" size={16} />} onClick={() => setTesting(true)}>
          Send test
        </Button>
        <Button
          variant="default"
          renderRoot={(props) => <Link {...props} to="/settings/webhooks/$id" params={{ id: String(webhook.id) }} />}
        >
          View webhook
        </Button>
      </Group>
      <TestDialog webhook={webhook} opened={testing} onClose={() => setTesting(false)} />
    </div>
  )
}

function VerifyingCode({ programs }: { programs: Program[] }) {
  return (
    <Tabs defaultValue={programs[0]?.language ?? null} keepMounted={false}>
      <Tabs.List>
        {programs.map(({ language }) => (
          <Tabs.Tab key={language} value={language}>
            {language}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {programs.map(({ language, file, code }) => (
        <Tabs.Panel key={language} value={language} pt="sm">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <pre className="json" tabIndex={0}>
            {code}
          </pre>
          <Group justify="space-between" mt="xs">
            <Text size="sm" c="dimmed" className="mono">
              {file}
            </Text>
            <CopyButton text={code} label="Copy" />
          </Group>
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}
