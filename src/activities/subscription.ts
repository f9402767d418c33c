import { z } from 'zod'
import { filterSchema } from './filter.ts'
import { actionSchema } from './schema.ts'

/** The webhook settings that decide which activities it receives. `deliveries/store.ts` contains the SQL rule for each of them. */
export const subscriptionShape = {
  actions: z.array(actionSchema).min(1).nullable().meta({ description: 'Which activities to send; null: all' }),
  filter: filterSchema.nullable().meta({
    description:
      'Send only activities that meet all of these conditions, each as it was at the moment of the activity. null or []: no filter. Values are not checked for existence: a condition that nothing meets matches nothing',
  }),
}

export type Subscription = z.infer<z.ZodObject<typeof subscriptionShape>>
