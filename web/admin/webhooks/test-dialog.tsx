import { Alert, Button, Group, Modal, Select, Text } from '@mantine/core'
import { useState } from 'react'
import { type Action, useActivityTypes, useSendTest, type Webhook } from '../client/webhooks.ts'
import { FormError } from '../parts/form-error.tsx'
import { Icon } from '../parts/icon.tsx'
import { AttemptView } from './attempt.tsx'

/** Sends a sample activity now and shows the response. */
export function TestDialog({ webhook, opened, onClose }: { webhook: Webhook; opened: boolean; onClose: () => void }) {
  const types = useActivityTypes()
  const [action, setAction] = useState<Action>(webhook.actions?.[0] ?? 'Meeting.scheduled')
  const test = useSendTest(webhook.id)
  const { data } = test
  return (
    <Modal opened={opened} onClose={onClose} title="Send test" size={860} closeButtonProps={{ 'aria-label': 'Close' }}>
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
            Send test
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          The request has the header <span className="mono">bookbell-test: 1</span> and the id 0, so your receiver can
          tell it from a real one. A test is sent even if the actions or the filter would exclude it.
        </Text>
        <FormError text={test.error?.message} />
        <div aria-live="polite">
          {data && (
            <div className="stack">
              <Alert color={data.delivered ? 'good' : 'bad'}>
                {data.delivered
                  ? 'Delivered: your receiver returned success.'
                  : 'Not delivered. See the attempt below, or run the diagnosis.'}
              </Alert>
              <AttemptView attempt={data.attempt} body={data.body} open />
            </div>
          )}
        </div>
      </div>
    </Modal>
  )
}
