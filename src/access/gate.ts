import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import { Problem, refuse } from '../errors.ts'
import type { OrganizationId } from '../platform/organization-id.ts'

export type { OrganizationId }

/** Roles of members, lowest first. An API key has the permissions of an admin. */
export type MemberRole = 'member' | 'manager' | 'admin'

/** A program with an API key, or a member with a session. `name` is what people recognize them by. */
export type Identity = { organization: OrganizationId; name: string } & (
  | { kind: 'api_key'; apiKeyId: number; role: 'admin' }
  | { kind: 'member'; memberId: number; role: MemberRole }
)

/** Who makes a request, and from where. Minted only by the gate. */
export type Actor = Identity & {
  /** The IP address of the request. */
  address: string
  /** The log of the request. */
  log?: Pick<FastifyBaseLogger, 'info'>
}

/** Who may use a route: anyone, or members with at least this role. Required for every route under /api/v1. */
export type Access = 'public' | MemberRole

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /**
     * How a POST stores an Idempotency-Key: in the transaction of its change (the default), `after` the handler if it calls
     * other servers, or as the `setup`, which first has to create the organization that stores the key.
     */
    idempotency?: 'in_transaction' | 'after' | 'setup'
    /** Whether the path names a person: then it is stored only as a keyed hash. */
    isPersonal?: boolean
  }
  interface FastifyRequest {
    actor?: Actor
    /** Whether the same actor would still be let in: false once the key, session, member or role has ended or changed. */
    isStillAllowed?: () => Promise<boolean>
  }
}

const RANK: Record<MemberRole, number> = { member: 1, manager: 2, admin: 3 }

/** Whether a role includes the permissions of the role `needed`. */
export function hasRole(role: MemberRole, needed: MemberRole): boolean {
  return RANK[role] >= RANK[needed]
}

/** The authenticated actor of a request. For routes that are not public. */
export function actorOf(request: FastifyRequest): Actor {
  if (!request.actor) throw new Problem(refuse('unauthenticated', 'Send an API key: Authorization: Bearer bb_….'))
  return request.actor
}

/** The member to whose own data the actor is limited; null for managers, admins and API keys, who see everyone's. */
export function limitedTo(actor: Actor): number | null {
  return actor.kind === 'api_key' || hasRole(actor.role, 'manager') ? null : actor.memberId
}

/** The organization of a request. For routes that are not public. */
export function organizationOf(request: FastifyRequest): OrganizationId {
  return actorOf(request).organization
}
