import { Button, Group, Stack, Tabs, Text, Title } from '@mantine/core'
import { Link, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { CopyButton } from '../../parts/copy-button.tsx'
import { errorsOf } from '../client/api.ts'
import { useCreateWebhook, type WebhookWithSecret } from '../client/webhooks.ts'
import { CopyText, ShownOnce } from '../parts/copy-text.tsx'
import { FormError } from '../parts/form-error.tsx'
import { Icon } from '../parts/icon.tsx'
import { BackLink, PageHead } from '../parts/page-head.tsx'
import { TestDialog } from './test-dialog.tsx'
import { type Program, publicKeyPrograms, sharedSecretPrograms } from './verifying-code.ts'
import {
  ActionFields,
  fieldNames,
  inputOf,
  SendingFields,
  SigningFields,
  TargetFields,
  valuesOf,
} from './webhook-fields.tsx'
import './webhooks.css'

/** `/admin/settings/webhooks/new`: first the form, then the secret, once. */
export function NewWebhookPage() {
  const [created, setCreated] = useState<WebhookWithSecret | null>(null)
  return (
    <>
      <PageHead
        title={created ? 'The webhook is ready' : 'Add webhook'}
        back={<BackLink render={(props) => <Link {...props} to="/settings/webhooks" />}>Webhooks</BackLink>}
      />
      {created ? <Created webhook={created} /> : <NewForm onCreated={setCreated} />}
    </>
  )
}

function NewForm({ onCreated }: { onCreated: (webhook: WebhookWithSecret) => void }) {
  const { url } = useSearch({ from: '/settings/webhooks/new' })
  const [values, setValues] = useState(() => valuesOf(null, url))
  const creation = useCreateWebhook()
  const errors = errorsOf(creation.error, fieldNames)
  const onChange = (change: Partial<typeof values>) => setValues({ ...values, ...change })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    creation.mutate({ ...inputOf(values), signing: values.signing }, { onSuccess: onCreated })
  }
  const props = { values, errors, onChange }
  return (
    <form onSubmit={submit} className="webhook-form">
      <section className="card stack" aria-label="Target">
        <TargetFields {...props} />
      </section>
      <section className="card stack" aria-label="Activities">
        <ActionFields {...props} />
      </section>
      <details className="card">
        <summary>Order, headers, limits and signature</summary>
        <Stack gap="lg" mt="lg">
          <SendingFields {...props} />
          <SigningFields {...props} />
        </Stack>
      </details>
      <FormError text={errors.form} />
      <Group>
        <Button type="submit" loading={creation.isPending}>
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
            The public key
          </Title>
          <Text size="sm" c="dimmed">
            With it your receiver verifies. You find it again at the webhook’s settings.
          </Text>
          <CopyText text={webhook.public_key} />
        </section>
      ) : (
        <ShownOnce secret={webhook.secret} label="The secret of this webhook">
          Your receiver needs it to know that a request is ours: copy it now.
        </ShownOnce>
      )}
      <section className="card" aria-label="Verifying">
        <Title order={2} size="h4">
          Verify what arrives
        </Title>
        <Text size="sm" c="dimmed" mt={4} mb="md">
          Signed as Standard Webhooks say. Verify the bytes as they came, before parsing them.
        </Text>
        <VerifyingCode programs={webhook.public_key ? publicKeyPrograms : sharedSecretPrograms} />
      </section>
      <Group>
        <Button leftSection={<Icon name="send" size={16} />} onClick={() => setTesting(true)}>
          Send a test
        </Button>
        <Button
          variant="default"
          renderRoot={(props) => <Link {...props} to="/settings/webhooks/$id" params={{ id: String(webhook.id) }} />}
        >
          Go on to the webhook
        </Button>
      </Group>
      <TestDialog webhook={webhook} opened={testing} onClose={() => setTesting(false)} />
    </div>
  )
}

function VerifyingCode({ programs }: { programs: Program[] }) {
  return (
    <Tabs defaultValue={programs[0]!.language} keepMounted={false}>
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
