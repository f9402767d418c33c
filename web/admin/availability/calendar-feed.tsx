import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import type { CalendarFeed as Feed } from '../../../src/calendar-feeds/schema.ts'
import { useCalendarFeed, useCreateCalendarFeed, useRevokeCalendarFeed } from '../client/calendar-feeds.ts'
import { hasRole, useMe } from '../client/me.ts'
import type { Member } from '../client/members.ts'
import { useText } from '../i18n/text.ts'
import { Confirm } from '../parts/confirm.tsx'
import { ShownOnce } from '../parts/copy-text.tsx'
import { momentText } from '../parts/dates.ts'
import { Loaded } from '../parts/states.tsx'

/** The member's meetings as a calendar that they subscribe to. Admins can revoke it. */
export function CalendarFeed({ member }: { member: Member }) {
  const { t } = useText()
  const { role, member: me } = useMe()
  const isOwn = me?.id === member.id
  const isVisible = isOwn || hasRole(role, 'admin')
  const feed = useCalendarFeed(member.id, isVisible)
  return (
    <Stack gap="sm" maw={640}>
      <Title order={2} size="h4">
        {t('availability.feed_title')}
      </Title>
      <Text c="dimmed" size="sm">
        {t(isVisible ? 'availability.feed_lead' : 'availability.feed_of_others')}
      </Text>
      {isVisible && <Loaded query={feed}>{(found) => <FeedState member={member} feed={found} isOwn={isOwn} />}</Loaded>}
    </Stack>
  )
}

type Question = 'replace' | 'revoke'

function FeedState({ member, feed, isOwn }: { member: Member; feed: Feed; isOwn: boolean }) {
  const { t } = useText()
  const create = useCreateCalendarFeed()
  const revoke = useRevokeCalendarFeed()
  const [question, setQuestion] = useState<Question>()
  const close = () => setQuestion(undefined)
  return (
    <>
      <Text>{stateText(feed, t)}</Text>
      {feed.exists && create.data && <ShownOnce secret={create.data.url} label={t('availability.feed_url')} />}
      <Group gap="xs">
        {isOwn && (
          <Button
            variant="default"
            loading={create.isPending}
            onClick={() => (feed.exists ? setQuestion('replace') : create.mutate(member.id))}
          >
            {t(feed.exists ? 'availability.feed_replace' : 'availability.feed_create')}
          </Button>
        )}
        {feed.exists && (
          <Button variant="default" onClick={() => setQuestion('revoke')}>
            {t('availability.feed_revoke')}
          </Button>
        )}
      </Group>
      <Confirm
        opened={question === 'replace'}
        title={t('availability.feed_replace_question')}
        action={t('availability.feed_replace')}
        busy={create.isPending}
        dangerous={false}
        onConfirm={() => create.mutate(member.id, { onSettled: close })}
        onClose={close}
      >
        {t('availability.feed_ends')}
      </Confirm>
      <Confirm
        opened={question === 'revoke'}
        title={t('availability.feed_revoke_question')}
        action={t('availability.feed_revoke')}
        busy={revoke.isPending}
        onConfirm={() => revoke.mutate(member.id, { onSuccess: () => create.reset(), onSettled: close })}
        onClose={close}
      >
        {t('availability.feed_ends')}
      </Confirm>
    </>
  )
}

function stateText({ created_at, last_read_at }: Feed, t: ReturnType<typeof useText>['t']): string {
  if (created_at === null) return t('availability.feed_none')
  const created = t('availability.feed_created_on', { time: momentText(created_at) })
  const read =
    last_read_at === null
      ? t('availability.feed_unread')
      : t('availability.feed_read_on', { time: momentText(last_read_at) })
  return `${created} ${read}`
}
