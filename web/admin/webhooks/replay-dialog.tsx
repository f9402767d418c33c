import { Alert, Button, Group, Modal, Radio, Select, Stack, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import { problemText } from '../../parts/problem-text.ts'
import {
  type Replay,
  type ReplayInput,
  useReplay,
  useReplayPreview,
  useReplays,
  type Webhook,
} from '../client/webhooks.ts'
import { useText } from '../i18n/text.ts'
import { FormError } from '../parts/form-error.tsx'
import { ReplayProgress } from './replays.tsx'
import { replayTitles } from './wording.ts'

type ReplayDialogProps = { webhook: Webhook; opened: boolean; onClose: () => void }

/** Enqueues deliveries again: first shows how many, then their progress. */
export function ReplayDialog({ webhook, opened, onClose }: ReplayDialogProps) {
  const [started, setStarted] = useState<Replay | null>(null)
  const { t } = useText()
  const close = () => {
    setStarted(null)
    onClose()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('webhooks.replay')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('parts.close') }}
    >
      {started ? (
        <ReplayStarted webhook={webhook.id} replay={started} onClose={close} />
      ) : (
        <ReplayForm webhook={webhook} onStarted={setStarted} />
      )}
    </Modal>
  )
}

const spans = {
  1: 'webhooks.span_hour',
  24: 'webhooks.span_day',
  168: 'webhooks.span_week',
  720: 'webhooks.span_month',
} as const

const choices = ['failed', 'missed', 'all'] as const

function ReplayForm({ webhook, onStarted }: { webhook: Webhook; onStarted: (replay: Replay) => void }) {
  const [hours, setHours] = useState('24')
  const { t } = useText()
  const [only, setOnly] = useState<Replay['only']>('failed')
  const input = useMemo<ReplayInput>(() => {
    const since = new Date(Date.now() - Number(hours) * 3_600_000)
    return { since: since.toISOString() as unknown as ReplayInput['since'], only }
  }, [hours, only])
  const preview = useReplayPreview(webhook.id, input)
  const replay = useReplay(webhook.id, onStarted)
  const queued = preview.data?.queued
  return (
    <Stack>
      <Select
        label={t('webhooks.time_range')}
        allowDeselect={false}
        data={Object.entries(spans).map(([value, key]) => ({ value, label: t(key) }))}
        value={hours}
        onChange={(value) => value && setHours(value)}
      />
      <Radio.Group label={t('webhooks.to_replay')} value={only} onChange={(value) => setOnly(value as Replay['only'])}>
        <Stack gap="sm" mt="xs">
          {choices.map((value) => (
            <Radio
              key={value}
              value={value}
              label={t(replayTitles[value])}
              description={t(`webhooks.replay_${value}_hint`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <div>
        <Text role="status">
          {queued === undefined
            ? ' '
            : queued === 0
              ? t('webhooks.none_to_replay')
              : t('webhooks.will_be_queued', { count: queued })}
        </Text>
        {webhook.health.pending > 0 && (
          <Text size="sm" c="dimmed">
            {t('webhooks.pending_retried', { count: webhook.health.pending })}
          </Text>
        )}
      </div>
      {webhook.state === 'disabled' && <Alert color="warn">{t('webhooks.enable_first')}</Alert>}
      <FormError text={replay.error ? problemText(replay.error, t) : undefined} />
      <Group justify="flex-end">
        <Button loading={replay.isPending} disabled={!queued} onClick={() => replay.mutate(input)}>
          {t('webhooks.replay')}
        </Button>
      </Group>
    </Stack>
  )
}

function ReplayStarted({ webhook, replay, onClose }: { webhook: number; replay: Replay; onClose: () => void }) {
  const replays = useReplays(webhook)
  const { t } = useText()
  return (
    <Stack>
      <ReplayProgress replay={replays.rows?.find(({ id }) => id === replay.id) ?? replay} />
      <Text size="sm" c="dimmed">
        {t('webhooks.replay_runs')}
      </Text>
      <Group justify="flex-end">
        <Button onClick={onClose}>{t('webhooks.done')}</Button>
      </Group>
    </Stack>
  )
}
