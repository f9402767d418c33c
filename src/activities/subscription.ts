import { z } from 'zod'
import { actionSchema } from './schema.ts'

/** The settings of a webhook that decide which activities it receives. `deliveries/store.ts` has the rule of each in SQL. */
export const subscriptionShape = {
  actions: z.array(actionSchema).min(1).nullable().meta({ description: 'Which activities to send; null: all' }),
}

export type Subscription = z.infer<z.ZodObject<typeof subscriptionShape>>
