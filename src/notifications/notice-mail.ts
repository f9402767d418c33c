import { manyLines, oneLine } from './lines.ts'
import type { Notice, NoticeMailContent } from './mail-content.ts'
import type { Fact, MailLayout } from './mail-layout.ts'
import { type MailLanguage, mailLanguage } from './mail-texts.ts'
import type { MailTextOptions } from './meeting-mail.ts'
import { readerIn, writeMoment } from './moments.ts'

type T = MailLanguage['t']

/** Lays out a notice to a member about the organization or their account. */
export function noticeMail(content: NoticeMailContent, { url, organization }: MailTextOptions): MailLayout {
  const { t, tag } = mailLanguage(content.locale)
  const { notice } = content
  const reader = readerIn(content.timezone, tag)
  const words = wordNotice(notice, t, {
    organization: oneLine(organization),
    moment: (at) => writeMoment(at, reader),
  })
  return {
    locale: tag,
    subject: oneLine(words.subject),
    heading: oneLine(words.heading),
    lines: words.lines.map((line) => oneLine(line, 500)),
    facts: noticeFacts(notice, t),
    quote: null,
    actions: [actionOf(notice, t, url)],
    colon: t('colon'),
    footer: t('footer', { organization: oneLine(organization) }),
  }
}

function wordNotice(
  notice: Notice,
  t: T,
  { organization, moment }: { organization: string; moment: (at: number) => string },
): { subject: string; heading: string; lines: string[] } {
  switch (notice.about) {
    case 'webhook_failing':
      return {
        subject: t('webhook_failing_subject', { organization }),
        heading: t('webhook_failing_heading'),
        lines: [
          t('webhook_failing_since', { since: moment(notice.since) }),
          t('webhook_failing_until', { disabled_at: moment(notice.disabledAt) }),
        ],
      }
    case 'webhook_disabled':
      return {
        subject: t('webhook_disabled_subject', { organization }),
        heading: t('webhook_disabled_heading'),
        lines: [
          notice.reason === 'gone'
            ? t('webhook_disabled_gone')
            : t('webhook_failing_since', { since: moment(notice.since) }),
          t('webhook_disabled_text'),
        ],
      }
    case 'calendar_failing': {
      const values = { calendar: oneLine(notice.calendar, 80) }
      return {
        subject: t('calendar_failing_subject', values),
        heading: t('calendar_failing_subject', values),
        lines: [
          t('calendar_failing_since', { since: moment(notice.since) }),
          t(notice.isClosed ? 'calendar_failing_closed' : 'calendar_failing_text'),
        ],
      }
    }
    case 'calendar_changes': {
      const values = { calendar: oneLine(notice.calendar, 80), count: notice.count }
      return {
        subject: t('calendar_changes_subject', values),
        heading: t('calendar_changes_subject', values),
        lines: [t('calendar_changes_text')],
      }
    }
    case 'calendar_restored': {
      const values = { calendar: oneLine(notice.calendar, 80), when: moment(notice.start) }
      return {
        subject: t('calendar_restored_subject', values),
        heading: t('calendar_restored_subject', values),
        lines: [t('calendar_restored_text', values)],
      }
    }
    case 'password_reset':
      return {
        subject: t('password_reset_subject', { organization }),
        heading: t('password_reset_heading'),
        lines: [t('password_reset_text', { count: notice.validMinutes }), t('password_reset_ignore')],
      }
    case 'password_changed':
      return {
        subject: t('password_changed_subject', { organization }),
        heading: t('password_changed_heading'),
        lines: [t('password_changed_text', { moment: moment(notice.at) }), t('password_changed_remedy')],
      }
    case 'new_sign_in':
      return {
        subject: t('new_sign_in_subject', { organization }),
        heading: t('new_sign_in_heading'),
        lines: [t('new_sign_in_text', { moment: moment(notice.at) }), t('new_sign_in_remedy')],
      }
    case 'second_factor_on':
    case 'second_factor_off':
    case 'passkey_added':
    case 'passkey_removed':
      return {
        subject: t(`${notice.about}_subject`, { organization }),
        heading: t(`${notice.about}_subject`, { organization }),
        lines: [t(`${notice.about}_text`, { moment: moment(notice.at) }), t('sign_in_changed_remedy')],
      }
    case 'email_confirmation': {
      const values = { what: oneLine(notice.what, 80), when: moment(notice.start) }
      return {
        subject: t('email_confirmation_subject', values),
        heading: t('email_confirmation_heading'),
        lines: [
          t('email_confirmation_text', { ...values, count: notice.validMinutes }),
          t('email_confirmation_ignore'),
        ],
      }
    }
    case 'invitation': {
      const invited_by = oneLine(notice.invitedBy, 80)
      return {
        subject: t('invitation_subject', { invited_by, organization }),
        heading: t('invitation_heading', { organization }),
        lines: [t('invitation_text', { invited_by, count: notice.validDays })],
      }
    }
  }
}

function noticeFacts(notice: Notice, t: T): Fact[] {
  if ('at' in notice) return signInFacts(notice, t)
  if (notice.about === 'calendar_failing')
    return [{ label: t('label_problem'), value: manyLines(notice.problem, 1000) }]
  if (!('webhook' in notice)) return []
  const { url, description } = notice.webhook
  return [
    { label: t('label_webhook'), value: oneLine(url, 500) },
    ...(description ? [{ label: t('label_description'), value: oneLine(description) }] : []),
    ...(notice.problem === '' ? [] : [{ label: t('label_problem'), value: manyLines(notice.problem, 1000) }]),
  ]
}

function signInFacts(notice: Extract<Notice, { at: number }>, t: T): Fact[] {
  const browser = notice.about === 'new_sign_in' ? notice.browser : null
  return [
    ...(browser ? [{ label: t('label_browser'), value: oneLine(browser) }] : []),
    ...(notice.address ? [{ label: t('label_address'), value: oneLine(notice.address) }] : []),
  ]
}

function actionOf(notice: Notice, t: T, url: string): MailLayout['actions'][number] {
  if ('webhook' in notice)
    return { label: t('action_webhook'), url: `${url}/admin/settings/webhooks/${notice.webhook.id}` }
  if ('calendar' in notice) return { label: t('action_calendars'), url: `${url}/admin/availability/calendars` }
  if ('at' in notice) return { label: t('action_account'), url: `${url}/admin` }
  return { label: t(`action_${notice.about}`), url: notice.link }
}
