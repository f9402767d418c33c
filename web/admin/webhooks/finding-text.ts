import type { Diagnosis } from '../client/webhooks.ts'
import type { en } from '../i18n/en.ts'
import type { AdminText } from '../i18n/text.ts'

/** Describes the findings of a diagnosis in the reader's language, by their codes and never in the server's words. */

type Finding = Pick<Diagnosis['steps'][number], 'code' | 'values'>
type FindingCode = Finding['code']
type Text = Pick<AdminText, 't' | 'tag'>

/** The findings that the reader can act on. */
type RemedyCode = {
  [Code in FindingCode]: `${Code}_remedy` extends keyof typeof en.findings ? Code : never
}[FindingCode]

const hasRemedy = (code: FindingCode): code is RemedyCode => !withoutRemedy.has(code)

const withoutRemedy: ReadonlySet<FindingCode> = new Set<Exclude<FindingCode, RemedyCode>>([
  'url_allowed',
  'host_is_address',
  'name_resolved',
  'connected',
  'tls_established',
  'request_sent',
  'responded',
  'not_checked',
])

/** Returns the text of the finding. */
export const foundText = ({ code, values }: Finding, { t, tag }: Text) => t(`findings.${code}`, written(values, tag))

/** Returns what to do about the finding. Undefined if nothing needs to be done. */
export const remedyText = ({ code, values }: Finding, { t, tag }: Text) =>
  hasRemedy(code) ? t(`findings.${code}_remedy`, written(values, tag)) : undefined

/** Status codes are shown as text rather than as numbers, and `until` is an instant. */
function written({ status, until, ...values }: Finding['values'], tag: string): Finding['values'] {
  return {
    ...values,
    ...(status !== undefined && { status: String(status) }),
    ...(until !== undefined && { until: new Date(until).toLocaleDateString(tag, { dateStyle: 'long' }) }),
  }
}
