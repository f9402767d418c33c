import { Button, Group, Radio, Stack, Text, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { problemText } from '../../parts/problem-text.ts'
import { useCancelAll, useUpcomingOf } from '../client/blocked-attendees.ts'
import { useText } from '../i18n/text.ts'
import { FormError } from '../parts/form-error.tsx'

type Scope = 'none' | 'address' | 'domain'

/** Cancels all of an attendee's bookings, and blocks their address or its domain. */
export function BlockForm({ email, onClose }: { email: string; onClose: () => void }) {
  const { t } = useText()
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  const [scope, setScope] = useState<Scope>('address')
  const [message, setMessage] = useState('')
  const value = scope === 'domain' ? domain : email
  const upcoming = useUpcomingOf(value)
  const change = useCancelAll(onClose)
  const count = upcoming.data?.meetings
  const problem = change.error ?? upcoming.error
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ value, blocked: scope === 'none' ? null : value, message })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Radio.Group label={t('blocked.block')} value={scope} onChange={(chosen) => setScope(chosen as Scope)}>
          <Stack gap="xs" mt="xs">
            <Radio value="address" label={email} />
            <Radio value="domain" label={t('blocked.everyone_at', { domain })} />
            <Radio value="none" label={t('blocked.no_one')} />
          </Stack>
        </Radio.Group>
        <Text size="sm" role="status">
          {count === undefined ? t('blocked.counting') : t('blocked.will_cancel', { count, name: value })}
        </Text>
        <Textarea
          label={t('parts.message')}
          description={t('blocked.message_help')}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={5000}
          value={message}
          onChange={(event) => setMessage(event.currentTarget.value)}
        />
        <FormError text={problem ? problemText(problem, t) : undefined} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('parts.back')}
          </Button>
          <Button type="submit" color="bad" loading={change.isPending} disabled={count === undefined}>
            {t(scope === 'none' ? 'blocked.cancel' : 'blocked.cancel_and_block')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
