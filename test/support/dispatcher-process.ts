/**
 * A dispatcher in its own process, which tests kill: `node dispatcher-process.ts DATABASE`. The database is the URL of a
 * PostgreSQL server or the directory of an embedded database. With an embedded database, the process also records the activities,
 * because no other process can. After each commit, it sends the meeting's number to its parent.
 */

import type { OrganizationId } from '../../src/access/gate.ts'
import { parseConfig } from '../../src/config.ts'
import { Dispatcher } from '../../src/deliveries/dispatcher.ts'
import { createDeliveryMetrics } from '../../src/deliveries/metrics.ts'
import { createDeliveryEngine } from '../../src/delivery-engine.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { openPglite, openPostgres } from '../../src/platform/database.ts'
import { createLogger } from '../../src/platform/log.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { makeSecrets } from '../../src/platform/secrets.ts'
import { makeTargetSource } from '../../src/webhooks/targets.ts'
import { happen } from './deliveries.ts'

const [place = '', organization, firstMeeting, lastMeeting] = process.argv.slice(2)
const clock = systemClock
const database = await (place.startsWith('postgres') ? openPostgres(place) : openPglite(place))
const metrics = createMetrics({ ofProcess: false })
const logger = createLogger('silent')
const engine = createDeliveryEngine({
  config: parseConfig({}),
  url: 'http://127.0.0.1:3000',
  database,
  clock,
  secrets: makeSecrets(['a secret of the tests only']),
  logger,
  metrics,
})
const dispatcher = new Dispatcher(
  {
    database,
    clock,
    logger,
    client: engine.client,
    targets: makeTargetSource({ ...engine.webhooks, logger, notifyAdmins: async () => {} }),
    metrics: createDeliveryMetrics(metrics, { database, clock }),
  },
  { leaseMs: 3_000, deadlineMs: 1_000, pollMs: 200, heartbeatMs: 300, aliveMs: 1_000 },
)
await dispatcher.start()
process.on('disconnect', () => process.exit())
process.send?.({ ready: true })

for (let meeting = Number(firstMeeting); meeting <= Number(lastMeeting); meeting++) {
  await happen(
    { database, clock },
    {
      organization: Number(organization) as OrganizationId,
      actions: ['Meeting.scheduled', 'Attendee.scheduled'],
      meeting,
    },
  )
  process.send?.({ committed: meeting })
}
