import { Alert, Button, Group, Modal, Select, Text } from '@mantine/core'
import { useState } from 'react'
import { problemText } from '../../parts/problem-text.ts'
import { type Action, useActivityTypes, useSendTest, type Webhook } from '../client/webhooks.ts'
import { useText } from '../i18n/text.ts'
import { FormError } from '../parts/form-error.tsx'
import { Icon } from '../parts/icon.tsx'
import { AttemptView } from './attempt.tsx'

/** Sends a sample activity now and shows the response. */
export function TestDialog({ webhook, opened, onClose }: { webhook: Webhook; opened: boolean; onClose: () => void }) {
  const types = useActivityTypes()
  const { t } = useText()
  const [action, setAction] = useState<Action>(webhook.actions?.[0] ?? 'Meeting.scheduled')
  const test = useSendTest(webhook.id)
  const { data } = test
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('webhooks.send_test')}
      size={860}
      closeButtonProps={{ 'aria-label': t('parts.close') }}
    >
      <div className="stack">
        <Group align="flex-end">
          <Select
            label={t('webhooks.activity')}
            flex={1}
            allowDeselect={false}
            data={[...new Set(types.data?.map((type) => type.action))]}
            value={action}
            onChange={(value) => value && setAction(value as Action)}
          />
          <Button
            leftSection={<Icon name="send" size={16} />}
            loading={test.isPending}
            onClick={() => test.mutate(action)}
          >
            {t('webhooks.send_test')}
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          {t('webhooks.test_note', { header: 'bookbell-test: 1' })}
        </Text>
        <FormError text={test.error ? problemText(test.error, t) : undefined} />
        <div aria-live="polite">
          {data && (
            <div className="stack">
              <Alert color={data.delivered ? 'good' : 'bad'}>
                {t(data.delivered ? 'webhooks.test_delivered' : 'webhooks.test_failed')}
              </Alert>
              <AttemptView attempt={data.attempt} body={data.body} open />
            </div>
          )}
        </div>
      </div>
    </Modal>
  )
}
