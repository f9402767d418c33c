import { keysOf } from '../platform/keys-of.ts'

/** Every action of the audit log, and what it means. Names are stable; `docs/audit-log.md` mirrors the list, and a test compares the two. */
export const auditActions = {
  'member.created': 'A member was added',
  'member.changed': 'A member was changed',
  'member.role_changed': 'The role of a member was changed',
  'member.deleted': 'A member was deleted',
  'invitation.sent': 'An invitation was mailed to a member',
  'invitation.accepted': 'A person accepted an invitation',
  'sign_in.succeeded': 'A member signed in',
  'sign_in.failed': 'A sign-in as a member failed',
  'password_reset.requested': 'A link to choose a new password was requested',
  'password_reset.used': 'A new password was chosen with such a link',
  'password.changed': 'A member changed their password',
  'session.ended': 'A member signed out, or ended a session on another device',
  'second_factor.enabled': 'A member turned on a second factor',
  'second_factor.disabled': 'A member turned off a second factor',
  'second_factor.codes_replaced': 'A member replaced their recovery codes',
  'api_key.created': 'An API key was created',
  'api_key.deleted': 'An API key was deleted',
  'webhook.created': 'A webhook was created',
  'webhook.changed': 'A webhook was changed',
  'webhook.target_changed': 'The URL of a webhook was changed',
  'webhook.replayed': 'Deliveries of a webhook were replayed',
  'webhook.deleted': 'A webhook was deleted',
  'delivery.resent': 'A delivery was sent again',
  'secret.rotated': 'The secret of a webhook was replaced',
  'inspector.created': 'An inspector was created',
  'inspector.changed': 'An inspector was changed',
  'inspector.deleted': 'An inspector was deleted',
  'page.created': 'A page was created',
  'page.changed': 'A page was changed',
  'page.deleted': 'A page was deleted',
  'meeting_type.created': 'A meeting type was created',
  'meeting_type.changed': 'A meeting type was changed',
  'meeting_type.deleted': 'A meeting type was deleted',
  'schedule.created': 'A schedule was created',
  'schedule.changed': 'A schedule was changed',
  'schedule.deleted': 'A schedule was deleted',
  'time_off.created': 'Time off was added',
  'time_off.deleted': 'Time off was deleted',
  'tag.created': 'A tag was created',
  'tag.changed': 'A tag was renamed',
  'tag.deleted': 'A tag was deleted',
  'settings.changed': 'Settings of the organization were changed',
  'organization.created': 'The organization was created',
  'organization.deleted': 'The organization was deleted',
  'attendee.blocked': 'An e-mail address or a domain was blocked',
  'attendee.unblocked': 'An e-mail address or a domain was unblocked',
  'person.meetings_cancelled': 'Upcoming meetings of an e-mail address or a domain were cancelled together',
  'person.exported': 'Everything that is stored about a person was exported',
  'person.erased': 'A person was erased',
} as const satisfies Record<string, string>

export type AuditAction = keyof typeof auditActions

/** The names of all actions. */
export const auditActionNames = keysOf(auditActions)

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The action that a change through this route is recorded as, or why it is not in the audit log. Required for changes. */
    audit?: AuditAction | { none: string }
  }
}
