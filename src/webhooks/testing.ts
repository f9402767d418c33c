import type { OrganizationId } from '../access/gate.ts'
import { sampleBody } from '../activities/sample.ts'
import type { Action } from '../activities/schema.ts'
import { type AttemptOutcome, judge, showOutcome } from '../deliveries/attempt.ts'
import { notifyDispatchers } from '../deliveries/service.ts'
import type { Message } from '../deliveries/targets.ts'
import type { Outcome } from '../errors.ts'
import { destinationOf, showRequest } from './destination.ts'
import { diagnoseTarget } from './diagnosis.ts'
import { writeRequest } from './request.ts'
import type { Diagnosis, TestAnswer } from './schema.ts'
import { refuseUnknown, type WebhooksDeps } from './service.ts'
import * as store from './store.ts'
import { checkTarget, refuseTarget } from './target-check.ts'
import { checkUrl } from './target-guard.ts'

/**
 * Checks whether a webhook may point to a URL, by the URL's form and the current addresses of its name. This may wait for DNS
 * servers, so call it before a transaction begins.
 */
export async function checkWebhookTarget(
  { policy, resolve }: Pick<WebhooksDeps, 'policy' | 'resolve'>,
  url: string,
): Promise<Outcome<{ url: string }>> {
  const checked = await checkTarget({ policy, resolve }, url)
  return checked.ok ? { ok: true, url: checked.url.href } : refuseTarget(checked.refusal)
}

/** Sends a sample immediately, ignoring the settings in `ignoredByTests`. Nothing is stored, but a success closes the breaker. */
export async function sendTest(
  deps: WebhooksDeps,
  organization: OrganizationId,
  { id, action }: { id: number; action: Action },
): Promise<Outcome<{ test: TestAnswer }>> {
  const row = await store.findWebhook(deps.database.executor, organization, id)
  if (!row) return refuseUnknown(id)
  const sent = await sendSample(deps, row, action)
  if (!sent.ok) return sent
  const { message, outcome, now } = sent
  const startedAt = sent.startedAt
  const attempt = showOutcome(outcome, { number: 1, startedAt, ...showRequest(deps, row, { message, now }) })
  const body = message.body.toString()
  return { ok: true, test: { delivered: outcome.succeeded, webhook_id_header: message.id, body, attempt } }
}

/** Checks a webhook's target step by step, ending with a test request. */
export async function diagnoseWebhook(
  deps: WebhooksDeps,
  organization: OrganizationId,
  { id }: { id: number },
): Promise<Outcome<{ diagnosis: Diagnosis }>> {
  const row = await store.findWebhook(deps.database.executor, organization, id)
  if (!row) return refuseUnknown(id)
  const test = async () => {
    const sent = await sendSample(deps, row, 'Meeting.scheduled')
    if (!sent.ok) throw new Error(sent.detail)
    return sent.outcome
  }
  return { ok: true, diagnosis: await diagnoseTarget(deps, row.url, test) }
}

async function sendSample(
  deps: WebhooksDeps,
  row: store.WebhookRow,
  action: Action,
): Promise<Outcome<{ message: Message; outcome: AttemptOutcome; startedAt: string; now: number }>> {
  const checked = checkUrl(deps.policy, row.url)
  if (!checked.ok) return refuseTarget(checked.refusal)
  const now = deps.clock.now()
  const startedAt = deps.clock.timestamp()
  const body = Buffer.from(sampleBody(action, 'one_on_one', { id: 0, now, url: deps.url }))
  const message = { id: `test_${crypto.randomUUID()}`, action, delivery: 0, attempt: 1, body, test: true }
  const destination = destinationOf(deps, row, { url: checked.url, trust: checked.trust, now })
  const outcome = judge(await deps.client.send(writeRequest(destination, message, now)))
  if (outcome.succeeded) await closeBreaker(deps, row)
  return { ok: true, message, outcome, startedAt, now }
}

/** The receiver works again, so pending deliveries need not wait for the breaker. */
async function closeBreaker({ database }: WebhooksDeps, { organization_id, id }: store.WebhookRow): Promise<void> {
  await database.transaction(async (tx) => {
    if (await store.closeBreaker(tx, organization_id, id)) await notifyDispatchers(tx, organization_id, id)
  })
}
