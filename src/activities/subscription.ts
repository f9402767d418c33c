import { z } from 'zod'
import { filterSchema } from './filter.ts'
import { actionSchema } from './schema.ts'

/**
 * The webhook settings that determine which activities a webhook receives. `deliveries/store.ts` contains the SQL rule for each
 * setting.
 */
export const subscriptionShape = {
  actions: z
    .array(actionSchema)
    .min(1)
    .nullable()
    .meta({ description: 'The actions to send activities for. Null means all actions' }),
  filter: filterSchema.nullable().meta({
    description:
      'Send only activities that meet all of these conditions. They are compared with the meeting as it was when the activity occurred. Null or [] means no filter. The values do not have to exist yet, but a condition that can never be met matches nothing',
  }),
}

export type Subscription = z.infer<z.ZodObject<typeof subscriptionShape>>
