import { Alert, Button, Group, List, Select, SimpleGrid, Stack, Text, TextInput, ThemeIcon, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { cityOf, dateIn, detectZone } from '../../time/zones.ts'
import { type Explanation, explainStart } from '../client/availability.ts'
import { useMeetingTypes } from '../client/meeting-types.ts'
import { type Member, useMemberNames } from '../client/members.ts'
import { momentText } from '../parts/dates.ts'
import { Icon } from '../parts/icon.tsx'
import { Loaded } from '../parts/states.tsx'

type Question = { type: number; start: string }

/** Why is this time not offered? Names each rule that admits or refuses it, for each host. */
export function WhyNot({ member }: { member: Member }) {
  const types = (useMeetingTypes().data ?? []).filter(({ hosts }) => hosts.some((host) => host.member === member.id))
  const zone = detectZone()
  const [type, setType] = useState<string | null>(null)
  const [date, setDate] = useState(dateIn(zone, Date.now()))
  const [time, setTime] = useState('10:00')
  const [asked, setAsked] = useState<Question | null>(null)
  const answer = useQuery({
    queryKey: ['slots', 'explained', asked],
    queryFn: () => explainStart(asked?.type ?? 0, asked?.start ?? ''),
    enabled: asked !== null,
    staleTime: 0,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const start = new Date(`${date}T${time}`)
    if (type && !Number.isNaN(start.getTime())) setAsked({ type: Number(type), start: start.toISOString() })
  }
  return (
    <div className="two-columns">
      <form onSubmit={submit} className="card">
        <Stack>
          <Title order={2} size="h4">
            Why is a time not offered?
          </Title>
          <Select
            label="Meeting type"
            placeholder="Choose one"
            data={types.map(({ id, name }) => ({ value: String(id), label: name }))}
            value={type}
            onChange={setType}
            searchable
            nothingFoundMessage="There is none"
          />
          <SimpleGrid cols={2} spacing="sm">
            <TextInput
              type="date"
              label="Date"
              required
              value={date}
              onChange={(event) => setDate(event.currentTarget.value)}
            />
            <TextInput
              type="time"
              label="Time"
              required
              value={time}
              onChange={(event) => setTime(event.currentTarget.value)}
            />
          </SimpleGrid>
          <Text size="sm" c="dimmed">
            In {cityOf(zone)}.
          </Text>
          <Group>
            <Button type="submit" disabled={!type}>
              Explain
            </Button>
          </Group>
        </Stack>
      </form>
      <div aria-live="polite">
        {asked && <Loaded query={answer}>{(explanation) => <Answer explanation={explanation} />}</Loaded>}
      </div>
    </div>
  )
}

function Answer({ explanation: { start, bookable, hosts } }: { explanation: Explanation }) {
  const nameOf = useMemberNames()
  return (
    <Stack>
      <Alert color={bookable ? 'good' : 'warn'} icon={<Icon name={bookable ? 'check' : 'info'} />}>
        {momentText(start)} {bookable ? 'is offered: it can be booked.' : 'is not offered.'}
      </Alert>
      {hosts.map(({ member, admits, rules }) => (
        <section key={member} className="card" aria-label={nameOf(member)}>
          <Text fw={600} mb="sm">
            {nameOf(member)}: {admits ? 'free' : 'not free'}
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
                    <span className="visually-hidden">{rule.admits ? 'Admits: ' : 'Refuses: '}</span>
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
