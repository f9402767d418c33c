import { z } from 'zod'
import { type Action, actionFacts, actions } from './actions.ts'
import { bodySchemas } from './schema.ts'

const headers = [
  ['webhook-id', 'act_<activity id>, the same in every retry; test_… in a test'],
  ['webhook-timestamp', 'The time of this attempt, in Unix seconds'],
  [
    'webhook-signature',
    'Standard Webhooks 1.0: v1,<base64 HMAC-SHA256 of "id.timestamp.body">; after a rotation, several signatures, separated by spaces',
  ],
  ['bookbell-action', 'The action, as in the body'],
  ['bookbell-delivery', 'The id of the delivery'],
  ['bookbell-attempt', '1, 2, …'],
].map(([name, description]) => ({ name, in: 'header', required: true, description, schema: { type: 'string' } }))

/** The OpenAPI document's `webhooks` section, with one request for each action. */
export const activityWebhooks: Record<Action, object> = Object.fromEntries(
  actions.map((action) => [action, { post: webhookOperation(action) }]),
) as Record<Action, object>

function webhookOperation(action: Action): object {
  const { $schema: _, ...schema } = z.toJSONSchema(bodySchemas[action])
  return {
    tags: ['Webhooks'],
    operationId: `receive${action.replace('.', '').replace(/(?<=Meeting|Attendee)./, (letter) => letter.toUpperCase())}`,
    summary: actionFacts[action].description,
    security: [],
    parameters: headers,
    requestBody: { required: true, content: { 'application/json': { schema } } },
    responses: {
      '2XX': {
        description:
          'The activity was received. After any other status, including a redirect, the delivery is retried.',
      },
      410: { description: 'The receiver no longer exists. Bookbell disables the webhook.' },
    },
  }
}
