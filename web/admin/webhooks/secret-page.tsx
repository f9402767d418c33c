import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { ApiProblem } from '../../api/http.ts'
import { problemText } from '../../parts/problem-text.ts'
import { ProofForm } from '../account/proof-form.tsx'
import { useAccount } from '../client/account.ts'
import { useConfirmSession } from '../client/second-factor.ts'
import { signOut } from '../client/sign-in.ts'
import { forgetSecret, useWebhook, useWebhookSecret, type Webhook } from '../client/webhooks.ts'
import { useText } from '../i18n/text.ts'
import { CopyText, ShownSecret } from '../parts/copy-text.tsx'
import { momentText } from '../parts/dates.ts'
import { Icon } from '../parts/icon.tsx'
import { BackLink, PageHead } from '../parts/page-head.tsx'
import { Loaded } from '../parts/states.tsx'
import { TestDialog } from './test-dialog.tsx'
import { VerifyingPrograms } from './verifying-programs.tsx'
import './webhooks.css'

/**
 * `/admin/settings/webhooks/{id}/secret`: the key that a receiver verifies requests with. Reloading the page, or going back to
 * it, asks the server again.
 */
export function SecretPage() {
  const { id } = useParams({ from: '/settings/webhooks/$id/secret' })
  const webhook = useWebhook(Number(id))
  return <Loaded query={webhook}>{(loaded) => <Shown key={loaded.id} webhook={loaded} />}</Loaded>
}

function Shown({ webhook }: { webhook: Webhook }) {
  const { added = false } = useSearch({ from: '/settings/webhooks/$id/secret' })
  const { t } = useText()
  const title = webhook.public_key ? 'webhooks.public_key' : 'webhooks.signing_secret'
  return (
    <>
      <PageHead
        title={t(added ? 'webhooks.webhook_added' : title)}
        lead={<span className="mono">{webhook.url}</span>}
        back={
          <BackLink render={(props) => <Link {...props} to="/settings/webhooks" />}>{t('webhooks.title')}</BackLink>
        }
      />
      <div className="webhook-form">
        <Key webhook={webhook} />
        <VerifyingPrograms withPublicKey={webhook.public_key !== null} />
        <NextSteps webhook={webhook} />
      </div>
    </>
  )
}

/** A public key can be seen by any admin. A secret can be seen only by an admin who has just signed in. */
function Key({ webhook: { id, public_key } }: { webhook: Webhook }) {
  const secret = useWebhookSecret(id, { enabled: public_key === null })
  const { t } = useText()
  useEffect(() => () => forgetSecret(id), [id])
  if (secret.error instanceof ApiProblem && secret.error.code === 'fresh_sign_in_required')
    return <Confirmation onDone={() => secret.refetch()} />
  const until = secret.data?.previous_valid_until
  return (
    <Stack>
      {public_key ? (
        <PublicKey text={public_key} />
      ) : (
        <Loaded query={secret}>
          {(shown) => (
            <ShownSecret secret={shown.secret} label={t('webhooks.signing_secret')}>
              {t('webhooks.secret_hint')}
            </ShownSecret>
          )}
        </Loaded>
      )}
      {until && <Text size="sm">{t('webhooks.old_until', { when: momentText(until) })}</Text>}
    </Stack>
  )
}

function PublicKey({ text }: { text: string }) {
  const { t } = useText()
  return (
    <section className="card stack" aria-label={t('webhooks.public_key')}>
      <Text size="sm" c="dimmed">
        {t('webhooks.public_key_hint')}
      </Text>
      <CopyText text={text} />
    </section>
  )
}

/** Asks for the password, or a code. Someone who has neither signs in again, which leads back to this page. */
function Confirmation({ onDone }: { onDone: () => Promise<unknown> }) {
  const account = useAccount()
  const confirmation = useConfirmSession()
  const { t } = useText()
  const describe = (problem: unknown) =>
    problem instanceof ApiProblem && problem.code === 'forbidden'
      ? t('webhooks.confirm_sign_in')
      : problemText(problem, t)
  return (
    <section className="card stack" aria-label={t('webhooks.confirm_title')}>
      <Title order={2} size="h4">
        {t('webhooks.confirm_title')}
      </Title>
      <Loaded query={account}>
        {(loaded) =>
          loaded.has_password || loaded.second_factor.enabled ? (
            <Stack maw={420}>
              <Text size="sm">{t('webhooks.confirm_text')}</Text>
              <ProofForm
                account={loaded}
                action={t('webhooks.show_secret')}
                save={(proof) => confirmation.mutateAsync(proof)}
                onSaved={() => void onDone()}
                describe={describe}
              />
            </Stack>
          ) : (
            <Group>
              <Text size="sm">{t('webhooks.confirm_sign_in')}</Text>
              <Button onClick={() => void signOut()}>{t('webhooks.sign_in_again')}</Button>
            </Group>
          )
        }
      </Loaded>
    </section>
  )
}

function NextSteps({ webhook }: { webhook: Webhook }) {
  const [testing, setTesting] = useState(false)
  const { t } = useText()
  return (
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
      <TestDialog webhook={webhook} opened={testing} onClose={() => setTesting(false)} />
    </Group>
  )
}
