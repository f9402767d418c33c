import { Alert, Button, Group, List, Select, SimpleGrid, Stack, Text, TextInput, ThemeIcon, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useResourceForm } from '../../parts/resource-form.ts'
import { cityOf, dateIn, detectZone } from '../../time/zones.ts'
import { type Explanation, explainStart } from '../client/availability.ts'
import { useMeetingTypes } from '../client/meeting-types.ts'
import { type Member, useMemberNames } from '../client/members.ts'
import { momentText } from '../parts/dates.ts'
import { Icon } from '../parts/icon.tsx'
import { Loaded } from '../parts/states.tsx'

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
        {query && <Loaded query={explanation}>{(data) => <ExplanationView explanation={data} />}</Loaded>}
      </div>
    </div>
  )
}

type StartDraft = { type: string | null; date: string; time: string }

function StartForm({ member, onSubmit }: { member: Member; onSubmit: (query: StartQuery) => void }) {
  const types = (useMeetingTypes().data ?? []).filter(({ hosts }) => hosts.some((host) => host.member === member.id))
  const zone = detectZone()
  const initial: StartDraft = { type: null, date: dateIn(zone, Date.now()), time: '10:00' }
  const form = useResourceForm({
    initial,
    // The browser requires a date and a time; the button requires a type.
    save: async ({ type, date, time }) =>
      onSubmit({ type: Number(type), start: new Date(`${date}T${time}`).toISOString() }),
  })
  return (
    <form onSubmit={form.submit} className="card">
      <Stack>
        <Title order={2} size="h4">
          Why is a time not offered?
        </Title>
        <Select
          label="Meeting type"
          placeholder="Choose a meeting type"
          data={types.map(({ id, name }) => ({ value: String(id), label: name }))}
          {...form.field('type')}
          searchable
          nothingFoundMessage="No meeting types found"
        />
        <SimpleGrid cols={2} spacing="sm">
          <TextInput type="date" label="Date" required {...form.text('date')} />
          <TextInput type="time" label="Time" required {...form.text('time')} />
        </SimpleGrid>
        <Text size="sm" c="dimmed">
          Time zone: {cityOf(zone)}
        </Text>
        <Group>
          <Button type="submit" disabled={!form.values.type}>
            Explain
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function ExplanationView({ explanation: { start, bookable, hosts } }: { explanation: Explanation }) {
  const nameOf = useMemberNames()
  return (
    <Stack>
      <Alert color={bookable ? 'good' : 'warn'} icon={<Icon name={bookable ? 'check' : 'info'} />}>
        {momentText(start)} {bookable ? 'is offered and can be booked.' : 'is not offered.'}
      </Alert>
      {hosts.map(({ member, admits, rules }) => (
        <section key={member} className="card" aria-label={nameOf(member)}>
          <Text fw={600} mb="sm">
            {nameOf(member)}: {admits ? 'available' : 'unavailable'}
          </Text>
          <List spacing="xs" size="sm" center>
            {rules
              .toSorted((a, b) => Number(a.admits) - Number(b.admits))
              .map((rule) => (
                <List.Item
                  key={rule.rule}
                  icon={
                    <ThemeIcon size={22} radius="xl" color={rule.admits ? 'good' : 'bad'} variant="light">
                      <Icon name={rule.admits ? 'check' : 'cross'} size={13} />
                    </ThemeIcon>
                  }
                >
                  <span className={rule.admits ? 'admits' : 'refuses'}>
                    <span className="visually-hidden">{rule.admits ? 'Passed: ' : 'Failed: '}</span>
                    {rule.explanation}
                  </span>
                </List.Item>
              ))}
          </List>
        </section>
      ))}
    </Stack>
  )
}
