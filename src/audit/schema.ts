import { z } from 'zod'
import { pageQuerySchema } from '../platform/pagination.ts'
import { instantSchema } from '../time/schema.ts'
import { auditActionNames } from './action.ts'

/** The kinds of objects in the audit log. */
export const auditObjectTypes = [
  'api_key',
  'delivery',
  'blocked_attendee',
  'connection',
  'inspector',
  'meeting_type',
  'member',
  'organization',
  'page',
  'person',
  'schedule',
  'settings',
  'tag',
  'time_off',
  'webhook',
] as const

export type AuditObjectType = (typeof auditObjectTypes)[number]

const actionSchema = z.enum(auditActionNames)
const id = z.number().int().nullable()

const actorKindSchema = z.enum(['member', 'api_key', 'operator', 'visitor']).meta({
  description: 'operator: a command on the server. visitor: someone who was not signed in',
})

/** `webhook` or `webhook:12`. */
function reference<T extends string>(types: readonly [T, ...T[]]) {
  const pattern = new RegExp(`^(${types.join('|')})(:([1-9]\\d{0,14}))?$`)
  return z
    .string()
    .regex(pattern, `must be one of ${types.join(', ')}, with or without an id, such as ${types[0]}:12`)
    .transform((text) => {
      const [type, number] = text.split(':') as [T, string | undefined]
      return { type, id: number === undefined ? undefined : Number(number) }
    })
}

const filters = {
  actor: reference(['member', 'api_key', 'operator', 'visitor'])
    .optional()
    .meta({ description: 'Who made the change, such as `member`, `member:12` or `api_key:3`' }),
  action: actionSchema.optional(),
  object: reference([...auditObjectTypes] as [AuditObjectType, ...AuditObjectType[]])
    .optional()
    .meta({ description: 'The object that was changed, such as `webhook` or `webhook:12`' }),
  from: instantSchema.optional().meta({ description: 'Only entries at or after this instant' }),
  to: instantSchema.optional().meta({ description: 'Only entries before this instant' }),
}

export const auditFilterSchema = z.strictObject(filters)
export type AuditFilter = z.output<typeof auditFilterSchema>

export const auditQuerySchema = z.strictObject({ ...pageQuerySchema.shape, ...filters })

export const auditEntrySchema = z.strictObject({
  id: z.number().int(),
  created_at: z.string(),
  action: z.string(),
  actor: z.strictObject({ kind: actorKindSchema, id, name: z.string().nullable() }),
  address: z
    .string()
    .nullable()
    .meta({ description: 'The IP address that the request came from. Null for commands on the server' }),
  object: z.strictObject({ type: z.string(), id, label: z.string().nullable() }),
  changes: z
    .array(z.strictObject({ field: z.string(), before: z.unknown().optional(), after: z.unknown().optional() }))
    .meta({ description: 'The changed fields. Confidential values are left out' }),
})

export type AuditEntry = z.output<typeof auditEntrySchema>
