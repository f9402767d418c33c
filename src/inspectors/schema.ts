import { z } from 'zod'

const name = z.string().trim().min(1).max(100)
const answerStatus = z
  .int()
  .min(200)
  .max(599)
  .meta({ description: 'What it answers to every request; 500 lets you watch retries' })

/** An address of the organization that records whatever is sent to it. */
export const inspectorSchema = z.strictObject({
  id: z.int(),
  name: z.string(),
  url: z.string().meta({ description: 'Where to send to: the target of a webhook' }),
  page_url: z.string().meta({ description: 'Shows what was received; whoever knows it can read along' }),
  answer_status: answerStatus,
  created_at: z.string(),
})

export const inspectorInput = z.strictObject({
  name: name.default('Inspector'),
  answer_status: answerStatus.default(200),
})

export const inspectorPatch = z.strictObject({ name: name.optional(), answer_status: answerStatus.optional() })

export const signatureVerdictSchema = z.enum(['valid', 'invalid', 'unsigned'])

/** One request that an inspector received. */
export const inspectorRequestSchema = z.strictObject({
  id: z.int(),
  received_at: z.string(),
  method: z.string(),
  headers: z.record(z.string(), z.string()).meta({
    description: 'Names in lower case, in the order in which they came; what looks like a secret is not kept',
  }),
  body: z.string().meta({ description: 'The first 256 KiB as UTF-8' }),
  body_bytes: z.int().meta({ description: 'How long the body was' }),
  signature: signatureVerdictSchema.meta({
    description: 'Whether it was signed by a webhook of the organization that points here',
  }),
  action: z.string().nullable().meta({ description: 'The `action` of a JSON body' }),
  answered: z.int().meta({ description: 'The status that was answered' }),
})

export type Inspector = z.infer<typeof inspectorSchema>
export type InspectorInput = z.infer<typeof inspectorInput>
export type InspectorPatch = z.infer<typeof inspectorPatch>
export type InspectorRequest = z.infer<typeof inspectorRequestSchema>
export type SignatureVerdict = z.infer<typeof signatureVerdictSchema>
