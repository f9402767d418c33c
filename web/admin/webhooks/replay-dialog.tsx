import { Alert, Button, Group, Modal, Radio, Select, Stack, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import {
  type Replay,
  type ReplayInput,
  useReplay,
  useReplayPreview,
  useReplays,
  type Webhook,
} from '../client/webhooks.ts'
import { FormError } from '../parts/form-error.tsx'
import { ReplayProgress } from './replays.tsx'
import { countText, replayTitles } from './wording.ts'

const previewText = (queued: number) =>
  queued === 0
    ? 'No matching deliveries in this time range.'
    : `${countText(queued, 'delivery', 'deliveries')} will be queued, each with all retries.`

type ReplayDialogProps = { webhook: Webhook; opened: boolean; onClose: () => void }

/** Enqueues deliveries again: first shows how many, then their progress. */
export function ReplayDialog({ webhook, opened, onClose }: ReplayDialogProps) {
  const [started, setStarted] = useState<Replay | null>(null)
  const close = () => {
    setStarted(null)
    onClose()
  }
  return (
    <Modal opened={opened} onClose={close} title="Replay" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      {started ? (
        <ReplayStarted webhook={webhook.id} replay={started} onClose={close} />
      ) : (
        <ReplayForm webhook={webhook} onStarted={setStarted} />
      )}
    </Modal>
  )
}

const spans = [
  { value: '1', label: 'The last hour' },
  { value: '24', label: 'The last 24 hours' },
  { value: '168', label: 'The last 7 days' },
  { value: '720', label: 'The last 30 days' },
]

const choices: { value: Replay['only']; label: string; description: string }[] = [
  { value: 'failed', label: replayTitles.failed, description: 'Deliveries that will not be retried.' },
  { value: 'missed', label: replayTitles.missed, description: 'Activities from while the webhook was disabled.' },
  {
    value: 'all',
    label: replayTitles.all,
    description: 'Includes deliveries that succeeded. They keep their ids, so your receiver can detect duplicates.',
  },
]

function ReplayForm({ webhook, onStarted }: { webhook: Webhook; onStarted: (replay: Replay) => void }) {
  const [hours, setHours] = useState('24')
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
        label="Time range"
        allowDeselect={false}
        data={spans}
        value={hours}
        onChange={(value) => value && setHours(value)}
      />
      <Radio.Group label="Deliveries to replay" value={only} onChange={(value) => setOnly(value as Replay['only'])}>
        <Stack gap="sm" mt="xs">
          {choices.map((choice) => (
            <Radio key={choice.value} {...choice} />
          ))}
        </Stack>
      </Radio.Group>
      <div>
        <Text role="status">{queued === undefined ? ' ' : previewText(queued)}</Text>
        {webhook.health.pending > 0 && (
          <Text size="sm" c="dimmed">
            {countText(webhook.health.pending, 'pending delivery is', 'pending deliveries are')} retried without a
            replay.
          </Text>
        )}
      </div>
      {webhook.state === 'disabled' && <Alert color="warn">The webhook is disabled. Enable it first.</Alert>}
      <FormError text={replay.error?.message} />
      <Group justify="flex-end">
        <Button loading={replay.isPending} disabled={!queued} onClick={() => replay.mutate(input)}>
          Replay
        </Button>
      </Group>
    </Stack>
  )
}

function ReplayStarted({ webhook, replay, onClose }: { webhook: number; replay: Replay; onClose: () => void }) {
  const replays = useReplays(webhook)
  return (
    <Stack>
      <ReplayProgress replay={replays.rows?.find(({ id }) => id === replay.id) ?? replay} />
      <Text size="sm" c="dimmed">
        You can close this dialog. The webhook’s page shows the progress.
      </Text>
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  )
}
