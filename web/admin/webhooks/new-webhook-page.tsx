import { Button, Group, Stack } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useResourceForm } from '../../parts/resource-form.ts'
import { useCreateWebhook } from '../client/webhooks.ts'
import { useText } from '../i18n/text.ts'
import { FormError } from '../parts/form-error.tsx'
import { BackLink, PageHead } from '../parts/page-head.tsx'
import { ActionFields } from './action-fields.tsx'
import { FilterFields } from './filter-fields.tsx'
import { SendingFields, SigningFields, TargetFields } from './webhook-fields.tsx'
import { checkConditions, inputOf, valuesOf } from './webhook-values.ts'
import './webhooks.css'

/** `/admin/settings/webhooks/new`. Leads to the page with the secret. */
export function NewWebhookPage() {
  const { t } = useText()
  return (
    <>
      <PageHead
        title={t('webhooks.add_webhook')}
        back={
          <BackLink render={(props) => <Link {...props} to="/settings/webhooks" />}>{t('webhooks.title')}</BackLink>
        }
      />
      <NewForm />
    </>
  )
}

function NewForm() {
  const navigate = useNavigate()
  const { url } = useSearch({ from: '/settings/webhooks/new' })
  const creation = useCreateWebhook()
  const { t } = useText()
  const form = useResourceForm({
    initial: valuesOf(null, url),
    validate: (values) => checkConditions(values, t),
    save: (values) => creation.mutateAsync({ ...inputOf(values), signing: values.signing }),
    onSaved: ({ id }) =>
      void navigate({
        to: '/settings/webhooks/$id/secret',
        params: { id: String(id) },
        search: { added: true },
        replace: true,
      }),
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
