import { z } from 'zod'
import { readNetwork } from '../platform/client-address.ts'
import { lineOfText } from '../platform/text-schema.ts'
import { instantSchema } from '../time/schema.ts'

/** A key's permissions: only reading, or everything that a member with this role may do. */
export const apiKeyRoles = ['read_only', 'member', 'manager', 'admin'] as const
export type ApiKeyRole = (typeof apiKeyRoles)[number]

const roleSchema = z.enum(apiKeyRoles).meta({
  description:
    'read_only: read (GET) everything that an admin can read, except secrets. member: do what the member in `member` can do. manager, admin: do what members with this role can do',
})

const networkSchema = z.string().transform((text, context) => {
  const network = readNetwork(text)
  if (network !== undefined) return network
  context.addIssue('must be an IP address or a CIDR range, such as 203.0.113.7, 10.0.0.0/8 or 2001:db8::/48')
  return z.NEVER
})

export const apiKeyInputSchema = z
  .strictObject({
    name: lineOfText(200),
    role: roleSchema.default('admin'),
    member: z.int().positive().nullable().default(null).meta({
      description:
        'For the role member: the id of the member whose meetings, schedules and time off the key can read and change',
    }),
    expires_at: instantSchema.nullable().default(null).meta({ description: 'When the key expires' }),
    allowed_networks: z
      .array(networkSchema)
      .min(1, 'must have at least one entry; null allows every network')
      .max(50)
      .nullable()
      .default(null)
      .meta({
        description:
          'IP addresses and CIDR ranges that requests may come from. Null means that all addresses are allowed',
      }),
  })
  .refine(({ role, member }) => (role === 'member') === (member !== null), {
    path: ['member'],
    error: 'must be the id of a member for the role member, and null for other roles',
  })

export const apiKeySchema = z.strictObject({
  id: z.number().int(),
  name: z.string(),
  hint: z.string().meta({ description: "The key's first and last characters" }),
  role: roleSchema,
  member: z.number().int().nullable(),
  expires_at: z.string().nullable(),
  allowed_networks: z.array(z.string()).nullable(),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
})

export const newApiKeySchema = z.strictObject({
  ...apiKeySchema.shape,
  key: z.string().meta({ description: 'Shown only once' }),
})

export type ApiKey = z.infer<typeof apiKeySchema>
export type ApiKeyInput = z.output<typeof apiKeyInputSchema>
export type NewApiKey = z.infer<typeof newApiKeySchema>
