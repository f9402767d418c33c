import { Group, SegmentedControl, SimpleGrid, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { type HistoryHour, useHistory, type Webhook } from '../client/webhooks.ts'
import { useText } from '../i18n/text.ts'
import { durationText } from '../parts/dates.ts'
import { breakerTexts, percentText } from './wording.ts'

/** A webhook's health: four figures, and the attempts over time by result. */
export function HealthCard({ webhook: { id, health } }: { webhook: Webhook }) {
  const [hours, setHours] = useState(24)
  const history = useHistory(id, hours)
  const { t, tag } = useText()
  const rate = health.success_rate
  const breaker = breakerTexts[health.breaker]
  return (
    <section className="card" aria-label={t('webhooks.health')}>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="lg" className="numeric">
        <Figure
          label={t('webhooks.success_rate')}
          value={rate === null ? '–' : percentText(rate, tag)}
          note={t('webhooks.of_attempts', { count: health.attempts, hours: health.hours })}
          bad={rate !== null && rate < 0.95}
        />
        <Figure label={t('webhooks.median_time')} value={health.p50_ms === null ? '–' : durationText(health.p50_ms)} />
        <Figure label={t('webhooks.p95_time')} value={health.p95_ms === null ? '–' : durationText(health.p95_ms)} />
        <Figure
          label={t('webhooks.pending')}
          value={`${health.pending.toLocaleString(tag)}${health.pending >= 10_000 ? '+' : ''}`}
          note={breaker && t(breaker)}
        />
      </SimpleGrid>
      {history.data && (
        <figure className="chart">
          <Group justify="space-between" mb="sm">
            <Title order={2} size="sm">
              {t('webhooks.chart_title')}
            </Title>
            <Group gap="md">
              <Keys />
              <SegmentedControl
                size="xs"
                aria-label={t('webhooks.time_range')}
                value={String(hours)}
                onChange={(value) => setHours(Number(value))}
                data={[
                  { value: '24', label: t('webhooks.hours_24') },
                  { value: '168', label: t('webhooks.days_7') },
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
  const { t } = useText()
  return (
    <Group gap="sm" aria-hidden="true">
      {(['succeeded', 'failed'] as const).map((outcome) => (
        <span key={outcome} className="chart-key">
          <span className={`chart-dot ${outcome}`} />
          {t(`webhooks.${outcome}_key`)}
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

/** Returns the lowest number that is 1, 2 or 5 times a power of ten and not below `most`. */
function topOf(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most))
  return [1, 2, 5, 10].map((factor) => factor * power).find((top) => top >= most) ?? most
}

function Bars({ history }: { history: HistoryHour[] }) {
  const { t, tag } = useText()
  const hourFormat = new Intl.DateTimeFormat(tag, { weekday: 'short', hour: '2-digit', minute: '2-digit' })
  const hourText = (hour: string | undefined) => (hour ? hourFormat.format(new Date(hour)) : '')
  const top = topOf(Math.max(1, ...history.map(({ succeeded, failed }) => succeeded + failed)))
  const width = 1000 / history.length
  const scale = HEIGHT / top
  return (
    <>
      <div className="chart-plot" aria-hidden="true">
        <div className="chart-axis numeric">
          <span>{top.toLocaleString(tag)}</span>
          <span>0</span>
        </div>
        <svg viewBox={`0 0 1000 ${HEIGHT}`} preserveAspectRatio="none" className="chart-bars" aria-hidden="true">
          {[0, HEIGHT / 2, HEIGHT - 1].map((y) => (
            <rect key={y} x={0} y={y} width={1000} height={1} className="chart-floor" />
          ))}
          {history.map(({ hour, succeeded, failed }, at) => (
            <g key={hour}>
              <title>{`${hourText(hour)}: ${succeeded} ${t('webhooks.succeeded_key')}, ${failed} ${t('webhooks.failed_key')}`}</title>
              <rect x={at * width} y={0} width={width} height={HEIGHT} fill="transparent" />
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
      </div>
      <Group justify="space-between" className="chart-scale numeric" aria-hidden="true">
        <span>{hourText(history[0]?.hour)}</span>
        <span>{hourText(history[Math.floor(history.length / 2)]?.hour)}</span>
        <span>{t('webhooks.now')}</span>
      </Group>
      <HoursTable history={history} hourText={hourText} />
    </>
  )
}

type HoursTableProps = { history: HistoryHour[]; hourText: (hour: string) => string }

/** A description of the bars for people who do not see them. */
function HoursTable({ history, hourText }: HoursTableProps) {
  const { t } = useText()
  return (
    <table className="visually-hidden">
      <caption>{t('webhooks.chart_title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('webhooks.hour')}</th>
          <th scope="col">{t('webhooks.succeeded_key')}</th>
          <th scope="col">{t('webhooks.failed_key')}</th>
        </tr>
      </thead>
      <tbody>
        {history
          .filter(({ succeeded, failed }) => succeeded + failed > 0)
          .map(({ hour, succeeded, failed }) => (
            <tr key={hour}>
              <th scope="row">{hourText(hour)}</th>
              <td>{succeeded}</td>
              <td>{failed}</td>
            </tr>
          ))}
      </tbody>
    </table>
  )
}
