import { manyLines, oneLine } from './lines.ts'
import type { Notice, NoticeMailContent } from './mail-content.ts'
import type { Fact, MailLayout } from './mail-layout.ts'
import { chooseLanguage, type MailTexts, type Sentences, type Told } from './mail-texts.ts'
import type { MailTextOptions } from './meeting-mail.ts'
import { readerIn, writeMoment } from './moments.ts'

/** The layout to a member about the organization or their account. */
export function noticeMail(content: NoticeMailContent, { url, organization }: MailTextOptions): MailLayout {
  const { texts, locale } = chooseLanguage(content.locale)
  const { notice } = content
  const reader = readerIn(content.timezone, locale)
  const told = {
    organization: oneLine(organization),
    moment: (at: number) => writeMoment(at, reader),
  }
  const said = sentencesOf(notice, texts, told)
  return {
    locale,
    subject: oneLine(said.subject),
    heading: oneLine(said.heading),
    lines: said.lines.map((line) => oneLine(line, 500)),
    facts: noticeFacts(notice, texts),
    quote: null,
    actions: [actionOf(notice, texts, url)],
    footer: texts.footer(told.organization),
  }
}

function sentencesOf(notice: Notice, { notice: texts }: MailTexts, told: Told): Sentences {
  switch (notice.about) {
    case 'webhook_failing':
      return texts.webhook_failing(notice, told)
    case 'webhook_disabled':
      return texts.webhook_disabled(notice, told)
    case 'password_reset':
      return texts.password_reset(notice, told)
    case 'invitation':
      return texts.invitation({ ...notice, invitedBy: oneLine(notice.invitedBy, 80) }, told)
  }
}

function noticeFacts(notice: Notice, { labels }: MailTexts): Fact[] {
  if (!('webhook' in notice)) return []
  const { url, description } = notice.webhook
  return [
    { label: labels.webhook, value: oneLine(url, 500) },
    ...(description ? [{ label: labels.description, value: oneLine(description) }] : []),
    ...(notice.problem === '' ? [] : [{ label: labels.problem, value: manyLines(notice.problem, 1000) }]),
  ]
}

function actionOf(notice: Notice, { actions }: MailTexts, url: string): MailLayout['actions'][number] {
  if ('webhook' in notice) return { label: actions.webhook, url: `${url}/admin/settings/webhooks/${notice.webhook.id}` }
  return { label: actions[notice.about], url: notice.link }
}
