import { Alert, Button, Group, List, SimpleGrid, Stack, Text, TextInput, ThemeIcon, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useResourceForm } from '../../parts/resource-form.ts'
import { cityOf, dateIn, instantAt } from '../../time/zones.ts'
import { type Explanation, explainStart } from '../client/availability.ts'
import { typeChoices } from '../client/choices.ts'
import { type Member, useMemberNames } from '../client/members.ts'
import { useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'
import { useMemberView } from '../parts/member-view.ts'
import { SearchSelect } from '../parts/search-select.tsx'
import { Loaded } from '../parts/states.tsx'
import { RuleLinks } from './rule-links.tsx'
import { type Rule, ruleText } from './rule-text.ts'
import { periodText } from './time-off-text.ts'

type StartQuery = { type: number; start: string }

/** Explains why a time is or is not offered, with every rule for each host. */
export function WhyNot({ member }: { member: Member }) {
  const [query, setQuery] = useState<StartQuery | null>(null)
  const explanation = useQuery({
    queryKey: ['slots', 'explained', query],
    queryFn: () => explainStart(query?.type ?? 0, query?.start ?? ''),
    enabled: query !== null,
    staleTime: 0,
  })
  return (
    <div className="two-columns">
      <StartForm member={member} onSubmit={setQuery} />
      <div aria-live="polite">
        {query && (
          <Loaded query={explanation}>
            {(data) => <ExplanationView explanation={data} type={query.type} member={member} />}
          </Loaded>
        )}
      </div>
    </div>
  )
}

type StartDraft = { type: string | null; date: string; time: string }

function StartForm({ member, onSubmit }: { member: Member; onSubmit: (query: StartQuery) => void }) {
  const { t } = useText()
  const initial: StartDraft = { type: null, date: dateIn(member.timezone, Date.now()), time: '10:00' }
  const form = useResourceForm({
    initial,
    // The browser requires a date and a time, and the button requires a type.
    save: async ({ type, date, time }) =>
      onSubmit({ type: Number(type), start: new Date(instantAt(member.timezone, date, time)).toISOString() }),
  })
  return (
    <form onSubmit={form.submit} className="card">
      <Stack>
        <Title order={2} size="h4">
          {t('availability.why_title')}
        </Title>
        <SearchSelect
          label={t('availability.meeting_type')}
          placeholder={t('availability.choose_type')}
          source={typeChoices(member.id)}
          {...form.field('type')}
        />
        <SimpleGrid cols={2} spacing="sm">
          <TextInput type="date" label={t('availability.date')} required {...form.text('date')} />
          <TextInput type="time" label={t('availability.time')} required {...form.text('time')} />
        </SimpleGrid>
        <Text size="sm" c="dimmed">
          {t('availability.in_zone', { zone: cityOf(member.timezone) })}
        </Text>
        <Group>
          <Button type="submit" disabled={!form.values.type}>
            {t('availability.explain')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

type ExplanationProps = { explanation: Explanation; type: number; member: Member }

function ExplanationView({ explanation: { start, bookable, hosts }, type, member }: ExplanationProps) {
  const { t } = useText()
  const nameOf = useMemberNames(hosts.map((host) => host.member))
  const view = useMemberView(member)
  const time = `${periodText({ from: start, to: start }, view).split(' – ')[0]} (${cityOf(member.timezone)})`
  return (
    <Stack>
      <Alert color={bookable ? 'good' : 'warn'} icon={<Icon name={bookable ? 'check' : 'info'} />}>
        {t(bookable ? 'availability.is_offered' : 'availability.is_not_offered', { time })}
      </Alert>
      {hosts.map(({ member: host, admits, rules }) => (
        <section key={host} className="card" aria-label={nameOf(host)}>
          <Text fw={600} mb="sm" dir="auto">
            {t(admits ? 'availability.host_available' : 'availability.host_unavailable', { name: nameOf(host) })}
          </Text>
          <List spacing="xs" size="sm" center>
            {rules
              .toSorted((a, b) => Number(a.admits) - Number(b.admits))
              .map((rule) => (
                <RuleItem
                  key={rule.rule}
                  rule={rule}
                  text={ruleText(rule, { t, view, start })}
                  host={host}
                  type={type}
                />
              ))}
          </List>
        </section>
      ))}
    </Stack>
  )
}

function RuleItem({ rule, text, host, type }: { rule: Rule; text: string; host: number; type: number }) {
  const { t } = useText()
  return (
    <List.Item
      icon={
        <ThemeIcon size={22} radius="xl" color={rule.admits ? 'good' : 'bad'} variant="light">
          <Icon name={rule.admits ? 'check' : 'cross'} size={13} />
        </ThemeIcon>
      }
    >
      <span className={rule.admits ? 'admits' : 'refuses'}>
        <span className="visually-hidden">{t(rule.admits ? 'availability.passed' : 'availability.failed')} </span>
        {text}
      </span>
      {!rule.admits && <RuleLinks rule={rule} host={host} type={type} />}
    </List.Item>
  )
}
