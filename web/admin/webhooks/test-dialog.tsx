import { Alert, Button, Group, Modal, Select, Text } from '@mantine/core'
import { useState } from 'react'
import { type Action, useActivityTypes, useSendTest, type Webhook } from '../client/webhooks.ts'
import { FormError } from '../parts/form-error.tsx'
import { Icon } from '../parts/icon.tsx'
import { AttemptView } from './attempt.tsx'

/** Sends a realistic sample now, and shows what came back. */
export function TestDialog({ webhook, opened, onClose }: { webhook: Webhook; opened: boolean; onClose: () => void }) {
  const types = useActivityTypes()
  const [action, setAction] = useState<Action>(webhook.actions?.[0] ?? 'Meeting.scheduled')
  const test = useSendTest(webhook.id)
  const { data } = test
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Send a test"
      size={860}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className="stack">
        <Group align="flex-end">
          <Select
            label="Activity"
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
            Send
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          It carries <span className="mono">bookbell-test: 1</span> and the id 0, so that no copy of your meetings takes
          it for real.
        </Text>
        <FormError text={test.error?.message} />
        <div aria-live="polite">
          {data && (
            <div className="stack">
              <Alert color={data.delivered ? 'good' : 'bad'}>
                {data.delivered
                  ? 'It has arrived, and was answered with success.'
                  : 'It was not received. Below is what happened; Diagnose says more.'}
              </Alert>
              <AttemptView attempt={data.attempt} body={data.body} open />
            </div>
          )}
        </div>
      </div>
    </Modal>
  )
}
