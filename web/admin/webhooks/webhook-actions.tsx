import { Button, Menu } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useChangeWebhook, useDeleteWebhook, useRotateSecret, type Webhook } from '../client/webhooks.ts'
import { useText } from '../i18n/text.ts'
import { Confirm } from '../parts/confirm.tsx'
import { Icon } from '../parts/icon.tsx'
import { ReplayDialog } from './replay-dialog.tsx'
import { TestDialog } from './test-dialog.tsx'

type Dialog = 'test' | 'replay' | 'rotate' | 'disable' | 'delete'

/** The actions on a webhook as a whole. */
export function WebhookActions({ webhook }: { webhook: Webhook }) {
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const close = () => setDialog(null)
  const { t } = useText()
  return (
    <div className="webhook-actions">
      <Button variant="default" leftSection={<Icon name="send" size={16} />} onClick={() => setDialog('test')}>
        {t('webhooks.send_test')}
      </Button>
      <Button variant="default" leftSection={<Icon name="replay" size={16} />} onClick={() => setDialog('replay')}>
        {t('webhooks.replay')}
      </Button>
      <StateButton webhook={webhook} />
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px="sm" aria-label={t('parts.more_actions')}>
            <Icon name="dots" size={18} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<Icon name="keys" size={16} />}
            renderRoot={(props) => (
              <Link {...props} to="/settings/webhooks/$id/secret" params={{ id: String(webhook.id) }} />
            )}
          >
            {t(webhook.public_key ? 'webhooks.public_key' : 'webhooks.show_secret')}
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="rotate" size={16} />} onClick={() => setDialog('rotate')}>
            {t('webhooks.rotate')}
          </Menu.Item>
          {webhook.state !== 'disabled' && (
            <Menu.Item leftSection={<Icon name="stop" size={16} />} onClick={() => setDialog('disable')}>
              {t('webhooks.disable')}
            </Menu.Item>
          )}
          <Menu.Item color="bad" leftSection={<Icon name="trash" size={16} />} onClick={() => setDialog('delete')}>
            {t('parts.delete')}
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
  const { t } = useText()
  const pause = useChangeWebhook(webhook.id, { done: t('webhooks.paused_done') })
  const enable = useChangeWebhook(webhook.id, { done: t('webhooks.enabled_done') })
  if (webhook.state === 'enabled')
    return (
      <Button
        variant="default"
        leftSection={<Icon name="pause" size={16} />}
        loading={pause.isPending}
        onClick={() => pause.mutate({ state: 'paused' })}
      >
        {t('webhooks.pause')}
      </Button>
    )
  return (
    <Button
      leftSection={<Icon name="play" size={16} />}
      loading={enable.isPending}
      onClick={() => enable.mutate({ state: 'enabled' })}
    >
      {t(webhook.state === 'paused' ? 'webhooks.resume' : 'webhooks.enable')}
    </Button>
  )
}

type DialogProps = { webhook: Webhook; opened: boolean; onClose: () => void }

/** Leads to the page with the new secret. */
function RotateDialog({ webhook, opened, onClose }: DialogProps) {
  const navigate = useNavigate()
  const { t } = useText()
  const rotation = useRotateSecret(webhook.id, () => {
    onClose()
    void navigate({ to: '/settings/webhooks/$id/secret', params: { id: String(webhook.id) } })
  })
  return (
    <Confirm
      opened={opened}
      title={t('webhooks.rotate_title')}
      action={t('webhooks.rotate')}
      dangerous={false}
      busy={rotation.isPending}
      onConfirm={() => rotation.mutate()}
      onClose={onClose}
    >
      {t('webhooks.rotate_text')}
    </Confirm>
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
  const { t } = useText()
  const disabling = useChangeWebhook(webhook.id, { done: t('webhooks.disabled_done') })
  const deletion = useDeleteWebhook(() => navigate({ to: '/settings/webhooks' }))
  return (
    <>
      <Confirm
        opened={dialog === 'disable'}
        title={t('webhooks.disable_title')}
        action={t('webhooks.disable_action')}
        busy={disabling.isPending}
        onConfirm={() => disabling.mutate({ state: 'disabled' }, { onSuccess: onClose })}
        onClose={onClose}
      >
        {t('webhooks.disable_text')}
      </Confirm>
      <Confirm
        opened={dialog === 'delete'}
        title={t('webhooks.delete_title')}
        action={t('webhooks.delete_action')}
        busy={deletion.isPending}
        onConfirm={() => deletion.mutate(webhook.id)}
        onClose={onClose}
      >
        {t('webhooks.delete_text')}
      </Confirm>
    </>
  )
}
