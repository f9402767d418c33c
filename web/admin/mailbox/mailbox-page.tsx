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
  kept: { text: 'stored', tone: 'brand' },
  sent: { text: 'sent', tone: 'good' },
  waiting: { text: 'pending', tone: 'warn' },
  failed: { text: 'failed', tone: 'bad' },
}

const filters: { value: Status | 'all'; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'kept', label: 'Stored' },
  { value: 'sent', label: 'Sent' },
  { value: 'waiting', label: 'Pending' },
  { value: 'failed', label: 'Failed' },
]

/** `/admin/settings/mailbox`: all outgoing e-mails, including those stored because there is no mail server. */
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
        lead="All e-mails to attendees and members. Without a mail server (SMTP_URL) they are stored here instead of sent."
      />
      <Stack>
        <SegmentedControl
          aria-label="Status"
          className="filter"
          data={filters}
          value={filter}
          onChange={(value) => setFilter(value as Status | 'all')}
        />
        <ListView
          list={mails}
          empty={
            <Empty icon="mailbox" title={filter === 'all' ? 'No e-mails yet' : 'No matching e-mails'}>
              Confirmations, reminders and invitations appear here.
            </Empty>
          }
        >
          {(rows) => (
            <ul className="rows" aria-label="E-mails, newest first">
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
        title="E-mail"
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
          The text is hidden because it contains a private link for {mail.to.address}.
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
        {mail.html && <Tabs.Tab value="html">Preview</Tabs.Tab>}
        <Tabs.Tab value="text">Plain text</Tabs.Tab>
      </Tabs.List>
      {mail.html && (
        <Tabs.Panel value="html" pt="md">
          {/* Sandboxed: no scripts or forms run in it, so markup in an attendee's name is harmless. */}
          <iframe className="mail-frame" title="E-mail preview" sandbox="" src={`/api/v1/mailbox/${mail.id}/html`} />
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
        {method === 'CANCEL' ? 'Removes the meeting from the calendar.' : 'Includes a calendar invitation.'}
      </Text>
      <Button variant="default" size="xs" onClick={save}>
        Download calendar file
      </Button>
    </div>
  )
}
