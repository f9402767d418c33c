import { Alert, Badge, Button, Drawer, SegmentedControl, Stack, Tabs, Text, UnstyledButton } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { type Mail, type MailSummary, useMail, useMails } from '../client/mailbox.ts'
import { agoText, exactText } from '../parts/dates.ts'
import { Icon } from '../parts/icon.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Empty, ListView, Loaded } from '../parts/states.tsx'

type Status = MailSummary['status']

const statuses: Record<Status, { text: string; tone: string }> = {
  kept: { text: 'kept here', tone: 'brand' },
  sent: { text: 'sent', tone: 'good' },
  waiting: { text: 'waiting', tone: 'warn' },
  failed: { text: 'failed', tone: 'bad' },
}

const filters: { value: Status | 'all'; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'kept', label: 'Kept' },
  { value: 'sent', label: 'Sent' },
  { value: 'waiting', label: 'Waiting' },
  { value: 'failed', label: 'Failed' },
]

/** `/admin/settings/mailbox`: what was mailed to people, and what is kept because there is no mail server. */
export function MailboxPage() {
  const { mail } = useSearch({ from: '/settings/mailbox' })
  const navigate = useNavigate()
  const [filter, setFilter] = useState<Status | 'all'>('all')
  const mails = useMails(filter === 'all' ? undefined : filter)
  const open = (id: number | undefined) =>
    navigate({ to: '/settings/mailbox', search: id === undefined ? {} : { mail: id }, resetScroll: false })
  return (
    <>
      <PageHead
        title="Mailbox"
        lead="Every mail to attendees and members. Without a mail server (SMTP_URL) mails are kept here, so that everything can be tried."
      />
      <Stack>
        <SegmentedControl
          aria-label="Which mails"
          className="filter"
          data={filters}
          value={filter}
          onChange={(value) => setFilter(value as Status | 'all')}
        />
        <ListView
          list={mails}
          empty={
            <Empty icon="mailbox" title={filter === 'all' ? 'No mail yet' : 'No such mail'}>
              Confirmations, reminders and invitations appear here the moment they are written.
            </Empty>
          }
        >
          {(rows) => (
            <ul className="rows" aria-label="Mails, newest first">
              {rows.map((row) => (
                <li key={row.id}>
                  <UnstyledButton className="row" onClick={() => open(row.id)}>
                    <MailLine mail={row} />
                  </UnstyledButton>
                </li>
              ))}
            </ul>
          )}
        </ListView>
      </Stack>
      <Drawer
        opened={mail !== undefined}
        onClose={() => open(undefined)}
        position="right"
        size="xl"
        title="Mail"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {mail !== undefined && <MailDetail id={mail} />}
      </Drawer>
    </>
  )
}

function MailLine({ mail }: { mail: MailSummary }) {
  const { text, tone } = statuses[mail.status]
  return (
    <>
      <div className="row-text">
        <Text fw={600}>{mail.subject}</Text>
        <Text size="sm" c="dimmed">
          to {mail.to.name ? `${mail.to.name} · ${mail.to.address}` : mail.to.address}
        </Text>
        {mail.problem && mail.status !== 'sent' && (
          <Text size="sm" c="bad">
            {mail.problem}
          </Text>
        )}
      </div>
      <div className="row-end">
        <Badge color={tone} variant="light" tt="none">
          {text}
        </Badge>
        <time className="row-note" dateTime={mail.created_at} title={exactText(mail.created_at)}>
          {agoText(mail.created_at)}
        </time>
      </div>
    </>
  )
}

function MailDetail({ id }: { id: number }) {
  const mail = useMail(id)
  return <Loaded query={mail}>{(data) => <MailView mail={data} />}</Loaded>
}

function MailView({ mail }: { mail: Mail }) {
  return (
    <Stack>
      <div>
        <Text fw={650} size="lg">
          {mail.subject}
        </Text>
        <Text size="sm" c="dimmed">
          to {mail.to.name} {mail.to.address} · {exactText(mail.created_at)}
        </Text>
      </div>
      {mail.text === null ? (
        <Alert icon={<Icon name="shield" size={18} />}>
          The text is not shown: it holds a link by which its reader acts for {mail.to.address}.
        </Alert>
      ) : (
        <MailBody mail={mail} />
      )}
      {mail.calendar && <CalendarEntry text={mail.calendar.text} method={mail.calendar.method} />}
    </Stack>
  )
}

function MailBody({ mail }: { mail: Mail }) {
  return (
    <Tabs defaultValue={mail.html ? 'html' : 'text'} keepMounted={false}>
      <Tabs.List>
        {mail.html && <Tabs.Tab value="html">As it looks</Tabs.Tab>}
        <Tabs.Tab value="text">As text</Tabs.Tab>
      </Tabs.List>
      {mail.html && (
        <Tabs.Panel value="html" pt="md">
          {/* A document of its own: no scripts and no forms run in it, and a stranger's name in a mail stays a name. */}
          <iframe className="mail-frame" title="The mail" sandbox="" src={`/api/v1/mailbox/${mail.id}/html`} />
        </Tabs.Panel>
      )}
      <Tabs.Panel value="text" pt="md">
        <pre className="mail-text">{mail.text}</pre>
      </Tabs.Panel>
    </Tabs>
  )
}

function CalendarEntry({ text, method }: { text: string; method: 'REQUEST' | 'CANCEL' }) {
  const save = () => {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/calendar' }))
    Object.assign(document.createElement('a'), { href: url, download: 'meeting.ics' }).click()
    URL.revokeObjectURL(url)
  }
  return (
    <div className="card row">
      <Icon name="meetings" />
      <Text size="sm" className="row-text">
        A calendar entry goes with it{method === 'CANCEL' ? ', which takes the meeting out of the calendar.' : '.'}
      </Text>
      <Button variant="default" size="xs" onClick={save}>
        Save the entry
      </Button>
    </div>
  )
}
