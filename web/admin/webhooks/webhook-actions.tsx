import { Button, Menu, Modal, Stack, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useChangeWebhook, useDeleteWebhook, useRotateSecret, type Webhook } from '../client/webhooks.ts'
import { Confirm } from '../parts/confirm.tsx'
import { CopyText, ShownOnce } from '../parts/copy-text.tsx'
import { momentText } from '../parts/dates.ts'
import { Icon } from '../parts/icon.tsx'
import { ReplayDialog } from './replay-dialog.tsx'
import { TestDialog } from './test-dialog.tsx'

type Dialog = 'test' | 'replay' | 'rotate' | 'disable' | 'delete'

/** The actions on a webhook as a whole. */
export function WebhookActions({ webhook }: { webhook: Webhook }) {
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const close = () => setDialog(null)
  return (
    <div className="webhook-actions">
      <Button variant="default" leftSection={<Icon name="send" size={16} />} onClick={() => setDialog('test')}>
        Send test
      </Button>
      <Button variant="default" leftSection={<Icon name="replay" size={16} />} onClick={() => setDialog('replay')}>
        Replay
      </Button>
      <StateButton webhook={webhook} />
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px="sm" aria-label="More actions">
            <Icon name="dots" size={18} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="rotate" size={16} />} onClick={() => setDialog('rotate')}>
            Rotate secret
          </Menu.Item>
          {webhook.state !== 'disabled' && (
            <Menu.Item leftSection={<Icon name="stop" size={16} />} onClick={() => setDialog('disable')}>
              Disable
            </Menu.Item>
          )}
          <Menu.Item color="bad" leftSection={<Icon name="trash" size={16} />} onClick={() => setDialog('delete')}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <TestDialog webhook={webhook} opened={dialog === 'test'} onClose={close} />
      <ReplayDialog webhook={webhook} opened={dialog === 'replay'} onClose={close} />
      <RotateDialog webhook={webhook} opened={dialog === 'rotate'} onClose={close} />
      <ConfirmDialogs webhook={webhook} dialog={dialog} onClose={close} />
    </div>
  )
}

function StateButton({ webhook }: { webhook: Webhook }) {
  const pause = useChangeWebhook(webhook.id, { done: 'Paused. New deliveries will be queued.' })
  const enable = useChangeWebhook(webhook.id, { done: 'Enabled' })
  if (webhook.state === 'enabled')
    return (
      <Button
        variant="default"
        leftSection={<Icon name="pause" size={16} />}
        loading={pause.isPending}
        onClick={() => pause.mutate({ state: 'paused' })}
      >
        Pause
      </Button>
    )
  return (
    <Button
      leftSection={<Icon name="play" size={16} />}
      loading={enable.isPending}
      onClick={() => enable.mutate({ state: 'enabled' })}
    >
      {webhook.state === 'paused' ? 'Resume' : 'Enable'}
    </Button>
  )
}

type DialogProps = { webhook: Webhook; opened: boolean; onClose: () => void }

function RotateDialog({ webhook, opened, onClose }: DialogProps) {
  const rotation = useRotateSecret(webhook.id)
  const { data } = rotation
  const end = () => {
    onClose()
    rotation.reset()
  }
  if (!data)
    return (
      <Confirm
        opened={opened}
        title="Rotate the secret?"
        action="Rotate secret"
        dangerous={false}
        busy={rotation.isPending}
        onConfirm={() => rotation.mutate()}
        onClose={onClose}
      >
        For 24 hours, requests are signed with the old secret as well as the new one, so that you can switch without
        failures.
      </Confirm>
    )
  return (
    <Modal opened={opened} onClose={end} title="New secret" centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack>
        {data.public_key ? <CopyText text={data.public_key} /> : <ShownOnce secret={data.secret} label="New secret" />}
        <Text size="sm">Requests are also signed with the old one until {momentText(data.previous_valid_until)}.</Text>
        <Button onClick={end}>Done</Button>
      </Stack>
    </Modal>
  )
}

function ConfirmDialogs({
  webhook,
  dialog,
  onClose,
}: {
  webhook: Webhook
  dialog: Dialog | null
  onClose: () => void
}) {
  const navigate = useNavigate()
  const disabling = useChangeWebhook(webhook.id, { done: 'Disabled' })
  const deletion = useDeleteWebhook(() => navigate({ to: '/settings/webhooks' }))
  return (
    <>
      <Confirm
        opened={dialog === 'disable'}
        title="Disable this webhook?"
        action="Disable webhook"
        busy={disabling.isPending}
        onConfirm={() => disabling.mutate({ state: 'disabled' }, { onSuccess: onClose })}
        onClose={onClose}
      >
        Pending deliveries are cancelled and nothing new is queued. To stop only for a while, pause it instead.
      </Confirm>
      <Confirm
        opened={dialog === 'delete'}
        title="Delete this webhook?"
        action="Delete webhook"
        busy={deletion.isPending}
        onConfirm={() => deletion.mutate(webhook.id)}
        onClose={onClose}
      >
        Its deliveries and attempts are deleted, and pending deliveries are not sent.
      </Confirm>
    </>
  )
}
