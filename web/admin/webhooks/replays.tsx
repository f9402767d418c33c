import { Progress, Text, Title } from '@mantine/core'
import { type Replay, useReplays } from '../client/webhooks.ts'
import { useText } from '../i18n/text.ts'
import { agoText, exactText } from '../parts/dates.ts'
import { replayTitles } from './wording.ts'

const RECENT_MS = 24 * 3_600_000

/** The replays in progress, and the last day's replays with their results. */
export function Replays({ webhook }: { webhook: number }) {
  const { rows = [] } = useReplays(webhook)
  const { t } = useText()
  const shown = rows.filter(({ pending, created_at: at }) => pending > 0 || Date.parse(at) > Date.now() - RECENT_MS)
  if (shown.length === 0) return null
  return (
    <section className="card stack" aria-labelledby="replays-heading">
      <Title order={2} size="sm" id="replays-heading">
        {t('webhooks.replays')}
      </Title>
      <ul className="stack" aria-labelledby="replays-heading">
        {shown.map((replay) => (
          <li key={replay.id}>
            <ReplayProgress replay={replay} />
            <Text size="xs" c="dimmed" mt={4}>
              {t(replayTitles[replay.only])}, {t('webhooks.started')}{' '}
              <time dateTime={replay.created_at} title={exactText(replay.created_at)}>
                {agoText(replay.created_at)}
              </time>
            </Text>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** A replay's progress. */
export function ReplayProgress({ replay: { queued, delivered, failed } }: { replay: Replay }) {
  const { t } = useText()
  const share = (count: number) => (queued === 0 ? 0 : (count / queued) * 100)
  return (
    <>
      <Text role="status" size="sm" mb="xs">
        {t('webhooks.delivered_of', { count: queued, delivered })}
        {failed > 0 && ` ${t('webhooks.failed_count', { count: failed })}`}
      </Text>
      <Progress.Root size="lg">
        <Progress.Section value={share(delivered)} color="good" aria-label={t('webhooks.delivered')} />
        <Progress.Section value={share(failed)} color="bad" aria-label={t('webhooks.failed')} />
      </Progress.Root>
    </>
  )
}
