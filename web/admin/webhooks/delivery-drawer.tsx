import { Alert, Button, Drawer, Group, Text, Title } from '@mantine/core'
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { CopyButton } from '../../parts/copy-button.tsx'
import { indentJson, JsonView } from '../../parts/json-view.tsx'
import { type DeliveryDetail, useDelivery, useResend, type Webhook } from '../client/webhooks.ts'
import { useText } from '../i18n/text.ts'
import { agoText } from '../parts/dates.ts'
import { Icon } from '../parts/icon.tsx'
import { Loaded } from '../parts/states.tsx'
import { AttemptView } from './attempt.tsx'
import { DeliveryBadge } from './badges.tsx'
import { resultOf } from './wording.ts'

/** The delivery in the page's URL, shown over the page. Back closes it. */
export function DeliveryDrawer({ webhook }: { webhook: Webhook }) {
  const { delivery: id } = useSearch({ from: '/settings/webhooks/$id' })
  const navigate = useNavigate({ from: '/settings/webhooks/$id' })
  const router = useRouter()
  const { t } = useText()
  const [hadList, setHadList] = useState(id === undefined)
  if (id === undefined && !hadList) setHadList(true)
  const close = () => {
    // The previous entry is the list, unless the page was opened with the delivery.
    if (hadList && router.history.canGoBack()) router.history.back()
    else void navigate({ search: ({ delivery: _, ...known }) => known, replace: true })
  }
  const replace = (next: number) => navigate({ search: (known) => ({ ...known, delivery: next }), replace: true })
  return (
    <Drawer
      opened={id !== undefined}
      onClose={close}
      position="right"
      size={860}
      title={id === undefined ? '' : t('webhooks.delivery_number', { id: String(id) })}
      closeButtonProps={{ 'aria-label': t('parts.close') }}
    >
      {id !== undefined && <OneDelivery id={id} webhook={webhook} onResent={replace} />}
    </Drawer>
  )
}

type OneDeliveryProps = { id: number; webhook: Webhook; onResent: (id: number) => void }

function OneDelivery({ id, webhook, onResent }: OneDeliveryProps) {
  const { t } = useText()
  const navigate = useNavigate({ from: '/settings/webhooks/$id' })
  const delivery = useDelivery(id)
  /** The delivery that was sent from this page, and how many attempts it had. */
  const [sent, setSent] = useState<{ id: number; attempts: number } | null>(null)
  const resend = useResend(webhook.id, (resent) => {
    setSent({ id: resent.id, attempts: resent.attempts.length })
    onResent(resent.id)
  })
  return (
    <Loaded query={delivery}>
      {(loaded) => (
        <div className="stack">
          <Group justify="space-between">
            <Group gap="sm">
              <Title order={2} size="h4">
                {loaded.action}
              </Title>
              <DeliveryBadge delivery={loaded} />
            </Group>
            <Button
              size="sm"
              leftSection={<Icon name="send" size={16} />}
              loading={resend.isPending}
              disabled={webhook.state === 'disabled'}
              onClick={() => resend.mutate(id)}
            >
              {t(loaded.status === 'pending' ? 'webhooks.send_now' : 'webhooks.resend')}
            </Button>
          </Group>
          <About delivery={loaded} onMeeting={() => navigate({ search: { meeting: loaded.meeting } })} />
          {webhook.state === 'disabled' && <Text size="sm">{t('webhooks.cannot_send_disabled')}</Text>}
          <div role="status">
            {sent?.id === loaded.id && <SendState delivery={loaded} webhook={webhook} before={sent.attempts} />}
          </div>
          {loaded.failure_reason && <Text size="sm">{t(`webhooks.reason_${loaded.failure_reason}`)}</Text>}
          <Attempts delivery={loaded} />
        </div>
      )}
    </Loaded>
  )
}

function About({ delivery, onMeeting }: { delivery: DeliveryDetail; onMeeting: () => void }) {
  const { t } = useText()
  const { attendee, meeting, meeting_name, next_attempt_at: next } = delivery
  const isScheduled = next && Date.parse(next) > Date.now()
  return (
    <Text size="sm" c="dimmed">
      {attendee && (
        <>
          <span dir="auto">{`${attendee.first_name} ${attendee.last_name}`.trim()}</span> ({attendee.email}) ·{' '}
        </>
      )}
      <span dir="auto">{meeting_name ?? t('webhooks.meeting_number', { id: String(meeting) })}</span>
      {isScheduled && ` · ${t('webhooks.next_at', { when: agoText(next) })}`} ·{' '}
      <button type="button" className="link-button" onClick={onMeeting}>
        {t('webhooks.only_meeting')}
      </button>
    </Text>
  )
}

type SendStateProps = { delivery: DeliveryDetail; webhook: Webhook; before: number }

/** The outcome of Send now: queued, sending, or the result of the attempt. */
function SendState({ delivery, webhook, before }: SendStateProps) {
  const text = useText()
  const { t } = text
  const { attempts, sending, status, next_attempt_at: next } = delivery
  if (attempts.length <= before) {
    if (webhook.state === 'paused') return <Alert color="warn">{t('webhooks.queued_paused')}</Alert>
    return <Alert color="gray">{t(sending ? 'webhooks.sending_now' : 'webhooks.queued_now')}</Alert>
  }
  const last = attempts.at(-1)
  const result = resultOf(text, { status: last?.status ?? null, kind: last?.error?.kind ?? null }) ?? ''
  if (status === 'delivered') return <Alert color="good">{t('webhooks.sent_ok', { result })}</Alert>
  if (!next) return <Alert color="bad">{t('webhooks.sent_failed_for_good', { result })}</Alert>
  return <Alert color="bad">{t('webhooks.sent_failed', { result, when: agoText(next) })}</Alert>
}

function Attempts({ delivery: { attempts, body } }: { delivery: DeliveryDetail }) {
  const { t } = useText()
  if (attempts.length === 0)
    return (
      <>
        <Group justify="space-between">
          <Text c="dimmed">{t('webhooks.not_attempted_yet')}</Text>
          <CopyButton text={indentJson(body) ?? body} label={t('webhooks.copy_body')} />
        </Group>
        <JsonView text={body} />
      </>
    )
  return attempts
    .toReversed()
    .map((attempt, at) => <AttemptView key={attempt.number} attempt={attempt} body={body} open={at === 0} />)
}
