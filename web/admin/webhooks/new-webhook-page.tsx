import { Button, Group, Stack, Tabs, Text, Title } from '@mantine/core'
import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { CopyButton } from '../../parts/copy-button.tsx'
import { useResourceForm } from '../../parts/resource-form.ts'
import { useCreateWebhook, type WebhookWithSecret } from '../client/webhooks.ts'
import { useText } from '../i18n/text.ts'
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
  const { t } = useText()
  return (
    <>
      <PageHead
        title={t(created ? 'webhooks.webhook_added' : 'webhooks.add_webhook')}
        back={
          <BackLink render={(props) => <Link {...props} to="/settings/webhooks" />}>{t('webhooks.title')}</BackLink>
        }
      />
      {created ? <Created webhook={created} /> : <NewForm onCreated={setCreated} />}
    </>
  )
}

function NewForm({ onCreated }: { onCreated: (webhook: WebhookWithSecret) => void }) {
  const { url } = useSearch({ from: '/settings/webhooks/new' })
  const creation = useCreateWebhook()
  const { t } = useText()
  const form = useResourceForm({
    initial: valuesOf(null, url),
    validate: (values) => checkConditions(values, t),
    save: (values) => creation.mutateAsync({ ...inputOf(values), signing: values.signing }),
    onSaved: onCreated,
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
      <details className="card">
        <summary>{t('webhooks.advanced')}</summary>
        <Stack gap="lg" mt="lg">
          <SendingFields form={form} />
          <SigningFields form={form} />
        </Stack>
      </details>
      <FormError text={form.error} />
      <Group>
        <Button type="submit" loading={form.saving}>
          {t('webhooks.add_webhook')}
        </Button>
      </Group>
    </form>
  )
}

function Created({ webhook }: { webhook: WebhookWithSecret }) {
  const [testing, setTesting] = useState(false)
  const { t } = useText()
  return (
    <div className="webhook-form">
      {webhook.public_key ? (
        <section className="card stack" aria-label={t('webhooks.public_key')}>
          <Title order={2} size="h4">
            {t('webhooks.public_key')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('webhooks.public_key_hint')}
          </Text>
          <CopyText text={webhook.public_key} />
        </section>
      ) : (
        <ShownOnce secret={webhook.secret} label={t('webhooks.signing_secret')}>
          {t('webhooks.secret_hint')}
        </ShownOnce>
      )}
      <section className="card" aria-label={t('webhooks.verify_title')}>
        <Title order={2} size="h4">
          {t('webhooks.verify_title')}
        </Title>
        <Text size="sm" c="dimmed" mt={4} mb="md">
          {t('webhooks.verify_hint')}
        </Text>
        <VerifyingCode programs={webhook.public_key ? publicKeyPrograms : sharedSecretPrograms} />
      </section>
      <Group>
        <Button leftSection={<Icon name="send" size={16} />} onClick={() => setTesting(true)}>
          {t('webhooks.send_test')}
        </Button>
        <Button
          variant="default"
          renderRoot={(props) => <Link {...props} to="/settings/webhooks/$id" params={{ id: String(webhook.id) }} />}
        >
          {t('webhooks.view_webhook')}
        </Button>
      </Group>
      <TestDialog webhook={webhook} opened={testing} onClose={() => setTesting(false)} />
    </div>
  )
}

function VerifyingCode({ programs }: { programs: Program[] }) {
  const { t } = useText()
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
            <CopyButton text={code} label={t('parts.copy')} />
          </Group>
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}
