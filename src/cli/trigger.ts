import { type Action, actions } from '../activities/schema.ts'
import { toPlainText } from '../activities/summary.ts'
import { StartError } from '../errors.ts'
import { askServer, type ServerAccess } from '../platform/api-client.ts'
import type { TestAnswer, Webhook } from '../webhooks/schema.ts'
import { findServerAccess, type ServerFlags } from './server-access.ts'

export interface TriggerFlags extends ServerFlags {
  webhook?: string
}

/** Sends a realistic sample to a running server's webhook and prints the result. Throws if the sample was not received. */
export async function trigger(given: string | undefined, flags: TriggerFlags): Promise<void> {
  const action = readAction(given)
  const access = findServerAccess(flags)
  const webhook = await findWebhook(access, flags.webhook)
  const { delivered, attempt, webhook_id_header } = await askServer<TestAnswer>(
    access,
    `/api/v1/webhooks/${webhook.id}/test`,
    { method: 'POST', body: { action } },
  )
  console.log(`Sent a sample of ${action} as ${webhook_id_header} to webhook ${webhook.id}, ${webhook.url}`)
  if (attempt.status !== null) console.log(`It returned ${attempt.status} in ${attempt.duration_ms} ms.`)
  for (const line of (attempt.response_body ?? '').split('\n').slice(0, 20)) {
    if (line.trim() !== '') console.log(`  ${toPlainText(line)}`)
  }
  if (!delivered) throw new StartError(`The sample was not received: ${attempt.error?.message}`)
}

function readAction(given: string | undefined): Action {
  const found = actions.find((action) => action.toLowerCase() === given?.toLowerCase())
  if (found) return found
  const problem = given === undefined ? 'Which action?' : `There is no action ${JSON.stringify(given)}.`
  throw new StartError(`${problem} Choose one of these:\n${actions.map((action) => `  ${action}`).join('\n')}`)
}

async function findWebhook(access: ServerAccess, id: string | undefined): Promise<Webhook> {
  if (id !== undefined && !/^\d{1,15}$/.test(id)) {
    throw new StartError(`--webhook must be the numeric id of a webhook; got ${JSON.stringify(id)}.`)
  }
  if (id !== undefined) return askServer<Webhook>(access, `/api/v1/webhooks/${id}`)
  const { data } = await askServer<{ data: Webhook[] }>(access, '/api/v1/webhooks?limit=20')
  const [webhook, another] = data
  if (webhook && !another) return webhook
  if (!webhook) {
    throw new StartError(
      `There are no webhooks yet. Create one at ${access.server}/admin/settings/webhooks, or try bookbell listen.`,
    )
  }
  const list = data.map((webhook) => `  ${webhook.id}  ${webhook.url}`).join('\n')
  throw new StartError(`There are several webhooks. Choose one with --webhook ID:\n${list}`)
}
