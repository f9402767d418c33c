import { z } from 'zod'

const name = z.string().trim().min(1).max(100)
const answerStatus = z
  .int()
  .min(200)
  .max(599)
  .meta({ description: 'The status that the inspector returns for every request. Use 500 to watch retries' })

/** An organization's URL that records every request sent to it. */
export const inspectorSchema = z.strictObject({
  id: z.int(),
  name: z.string(),
  url: z.string().meta({ description: "The URL that records requests. Use it as a webhook's target" }),
  page_url: z
    .string()
    .meta({ description: 'A page that shows the received requests. Anyone who has this URL can read them' }),
  answer_status: answerStatus,
  created_at: z.string(),
})

export const inspectorInputSchema = z.strictObject({
  name: name.default('Inspector'),
  answer_status: answerStatus.default(200),
})

export const inspectorPatchSchema = z.strictObject({ name: name.optional(), answer_status: answerStatus.optional() })

export const signatureVerdictSchema = z.enum(['valid', 'invalid', 'unsigned'])

/** A request that an inspector received. */
export const inspectorRequestSchema = z.strictObject({
  id: z.int(),
  received_at: z.string(),
  method: z.string(),
  headers: z.record(z.string(), z.string()).meta({
    description:
      'The headers in the order in which they arrived, with names in lower case. Values that look like secrets are not stored',
  }),
  body: z.string().meta({ description: 'The first 256 KiB of the body, as UTF-8' }),
  body_bytes: z.int().meta({ description: "The body's length in bytes" }),
  signature: signatureVerdictSchema.meta({
    description: "Whether the request was signed by one of the organization's webhooks that points to this inspector",
  }),
  action: z.string().nullable().meta({ description: 'The `action` of a JSON body' }),
  answered: z.int().meta({ description: 'The status that was returned' }),
})

export type Inspector = z.infer<typeof inspectorSchema>
export type InspectorInput = z.infer<typeof inspectorInputSchema>
export type InspectorPatch = z.infer<typeof inspectorPatchSchema>
export type InspectorRequest = z.infer<typeof inspectorRequestSchema>
export type SignatureVerdict = z.infer<typeof signatureVerdictSchema>
