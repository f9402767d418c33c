import { Group, SegmentedControl, SimpleGrid, Text, Title, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import { type HistoryHour, useHistory, type Webhook } from '../client/webhooks.ts'
import { durationText } from '../parts/dates.ts'
import { breakerTexts, countText, percentText } from './wording.ts'

/** The health of a webhook: four figures, and the attempts over time by result. */
export function HealthCard({ webhook: { id, health } }: { webhook: Webhook }) {
  const [hours, setHours] = useState(24)
  const history = useHistory(id, hours)
  const rate = health.success_rate
  return (
    <section className="card" aria-label="Health">
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="lg" className="numeric">
        <Figure
          label="Success rate"
          value={rate === null ? '–' : percentText(rate)}
          note={`of ${countText(health.attempts, 'attempt', 'attempts')} in ${health.hours} hours`}
          bad={rate !== null && rate < 0.95}
        />
        <Figure label="Median response time (p50)" value={health.p50_ms === null ? '–' : durationText(health.p50_ms)} />
        <Figure label="Response time (p95)" value={health.p95_ms === null ? '–' : durationText(health.p95_ms)} />
        <Figure
          label="Pending"
          value={health.pending >= 10_000 ? '10,000+' : health.pending.toLocaleString('en')}
          note={breakerTexts[health.breaker]}
        />
      </SimpleGrid>
      {history.data && (
        <figure className="chart">
          <Group justify="space-between" mb="sm">
            <Title order={2} size="sm">
              Attempts by result
            </Title>
            <Group gap="md">
              <Keys />
              <SegmentedControl
                size="xs"
                aria-label="Time range"
                value={String(hours)}
                onChange={(value) => setHours(Number(value))}
                data={[
                  { value: '24', label: '24 hours' },
                  { value: '168', label: '7 days' },
                ]}
              />
            </Group>
          </Group>
          <Bars history={fillHours(history.data, hours, Date.now())} />
        </figure>
      )}
    </section>
  )
}

type FigureProps = { label: string; value: string; note?: string | null; bad?: boolean }

function Figure({ label, value, note, bad = false }: FigureProps) {
  return (
    <div>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <p className={bad ? 'figure bad' : 'figure'}>{value}</p>
      {note && (
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      )}
    </div>
  )
}

function Keys() {
  return (
    <Group gap="sm" aria-hidden="true">
      {['succeeded', 'failed'].map((outcome) => (
        <span key={outcome} className="chart-key">
          <span className={`chart-dot ${outcome}`} />
          {outcome}
        </span>
      ))}
    </Group>
  )
}

const HOUR = 3_600_000

/** Returns every hour of the time range, including those without attempts. */
function fillHours(known: HistoryHour[], hours: number, now: number): HistoryHour[] {
  const last = Math.floor(now / HOUR) * HOUR
  return Array.from({ length: hours }, (_, at) => {
    const start = last - (hours - 1 - at) * HOUR
    const found = known.find(({ hour }) => Date.parse(hour) === start)
    return found ?? { hour: new Date(start).toISOString(), succeeded: 0, failed: 0 }
  })
}

const HEIGHT = 80
const hourFormat = new Intl.DateTimeFormat([], { weekday: 'short', hour: '2-digit', minute: '2-digit' })
const hourText = (hour: string) => hourFormat.format(new Date(hour))

function Bars({ history }: { history: HistoryHour[] }) {
  const most = Math.max(1, ...history.map(({ succeeded, failed }) => succeeded + failed))
  const width = 1000 / history.length
  const scale = (HEIGHT - 4) / most
  return (
    <>
      <svg viewBox={`0 0 1000 ${HEIGHT}`} preserveAspectRatio="none" className="chart-bars" aria-hidden="true">
        {history.map(({ hour, succeeded, failed }, at) => (
          <g key={hour}>
            <title>{`${hourText(hour)}: ${succeeded} succeeded, ${failed} failed`}</title>
            <rect x={at * width} y={0} width={width} height={HEIGHT} fill="transparent" />
            <rect x={at * width + width * 0.1} y={HEIGHT - 2} width={width * 0.8} height={2} className="chart-floor" />
            <rect
              x={at * width + width * 0.1}
              y={HEIGHT - succeeded * scale}
              width={width * 0.8}
              height={succeeded * scale}
              className="succeeded"
            />
            <rect
              x={at * width + width * 0.1}
              y={HEIGHT - (succeeded + failed) * scale}
              width={width * 0.8}
              height={failed * scale}
              className="failed"
            />
          </g>
        ))}
      </svg>
      <Group justify="space-between" className="chart-scale numeric" aria-hidden="true">
        <span>{hourText(history[0]!.hour)}</span>
        <span>now</span>
      </Group>
      <VisuallyHidden>
        <ul>
          {history
            .filter(({ succeeded, failed }) => succeeded + failed > 0)
            .map(({ hour, succeeded, failed }) => (
              <li key={hour}>
                {hourText(hour)}: {succeeded} succeeded, {failed} failed
              </li>
            ))}
        </ul>
      </VisuallyHidden>
    </>
  )
}
