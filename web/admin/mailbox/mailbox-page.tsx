import { Alert, Badge, Button, Drawer, SegmentedControl, Stack, Tabs, Text, UnstyledButton } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { type Mail, type MailSummary, useMail, useMails } from '../client/mailbox.ts'
import { useText } from '../i18n/text.ts'
import { agoText, exactText } from '../parts/dates.ts'
import { Icon } from '../parts/icon.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Empty, ListView, Loaded } from '../parts/states.tsx'

type Status = MailSummary['status']

const tones: Record<Status, string> = { kept: 'brand', sent: 'good', waiting: 'warn', failed: 'bad' }

const filters = ['kept', 'sent', 'waiting', 'failed'] as const satisfies Status[]

/** `/admin/settings/mailbox`: all outgoing emails, including those stored because there is no mail server. */
export function MailboxPage() {
  const { t } = useText()
  const { mail } = useSearch({ from: '/settings/mailbox' })
  const navigate = useNavigate()
  const [filter, setFilter] = useState<Status | 'all'>('all')
  const mails = useMails(filter === 'all' ? undefined : filter)
  const open = (id: number | undefined) =>
    navigate({ to: '/settings/mailbox', search: id === undefined ? {} : { mail: id }, resetScroll: false })
  return (
    <>
      <PageHead title={t('mailbox.title')} lead={t('mailbox.lead')} />
      <Stack>
        <SegmentedControl
          aria-label={t('mailbox.status')}
          className="filter"
          data={[
            { value: 'all', label: t('parts.all') },
            ...filters.map((value) => ({ value, label: t(`mailbox.filter_${value}`) })),
          ]}
          value={filter}
          onChange={(value) => setFilter(value as Status | 'all')}
        />
        <ListView
          list={mails}
          empty={
            <Empty icon="mailbox" title={t(filter === 'all' ? 'mailbox.empty' : 'mailbox.no_match')}>
              {t('mailbox.empty_text')}
            </Empty>
          }
        >
          {(rows) => (
            <ul className="rows" aria-label={t('mailbox.list')}>
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
        title={t('mailbox.mail')}
        closeButtonProps={{ 'aria-label': t('parts.close') }}
      >
        {mail !== undefined && <MailDetail id={mail} />}
      </Drawer>
    </>
  )
}

function MailLine({ mail }: { mail: MailSummary }) {
  const { t } = useText()
  return (
    <>
      <div className="row-text">
        <Text fw={600} dir="auto">
          {mail.subject}
        </Text>
        <Text size="sm" c="dimmed" dir="auto">
          {t('mailbox.to', { name: mail.to.name ? `${mail.to.name} · ${mail.to.address}` : mail.to.address })}
        </Text>
        {mail.problem && mail.status !== 'sent' && (
          <Text size="sm" c="bad">
            {mail.problem}
          </Text>
        )}
      </div>
      <div className="row-end">
        <Badge color={tones[mail.status]} variant="light" tt="none">
          {t(`mailbox.status_${mail.status}`)}
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
  const { t } = useText()
  return (
    <Stack>
      <div>
        <Text fw={650} size="lg">
          {mail.subject}
        </Text>
        <Text size="sm" c="dimmed">
          {t('mailbox.to', { name: `${mail.to.name ?? ''} ${mail.to.address}`.trim() })} · {exactText(mail.created_at)}
        </Text>
      </div>
      {mail.text === null ? (
        <Alert icon={<Icon name="shield" size={18} />}>{t('mailbox.hidden', { address: mail.to.address })}</Alert>
      ) : (
        <MailBody mail={mail} />
      )}
      {mail.calendar && <CalendarEntry text={mail.calendar.text} method={mail.calendar.method} />}
    </Stack>
  )
}

function MailBody({ mail }: { mail: Mail }) {
  const { t } = useText()
  return (
    <Tabs defaultValue={mail.html ? 'html' : 'text'} keepMounted={false}>
      <Tabs.List>
        {mail.html && <Tabs.Tab value="html">{t('mailbox.preview')}</Tabs.Tab>}
        <Tabs.Tab value="text">{t('mailbox.plain')}</Tabs.Tab>
      </Tabs.List>
      {mail.html && (
        <Tabs.Panel value="html" pt="md">
          {/* The frame is sandboxed. Scripts and forms do not work in it, so markup in an attendee's name is harmless. */}
          <iframe
            className="mail-frame"
            title={t('mailbox.preview_title')}
            sandbox=""
            src={`/api/v1/mailbox/${mail.id}/html`}
          />
        </Tabs.Panel>
      )}
      <Tabs.Panel value="text" pt="md">
        <pre className="mail-text">{mail.text}</pre>
      </Tabs.Panel>
    </Tabs>
  )
}

function CalendarEntry({ text, method }: { text: string; method: 'REQUEST' | 'CANCEL' }) {
  const { t } = useText()
  const save = () => {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/calendar' }))
    Object.assign(document.createElement('a'), { href: url, download: 'meeting.ics' }).click()
    URL.revokeObjectURL(url)
  }
  return (
    <div className="card row">
      <Icon name="meetings" />
      <Text size="sm" className="row-text">
        {t(method === 'CANCEL' ? 'mailbox.calendar_cancel' : 'mailbox.calendar_request')}
      </Text>
      <Button variant="default" size="xs" onClick={save}>
        {t('mailbox.download')}
      </Button>
    </div>
  )
}
