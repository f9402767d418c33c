import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import { Problem, refuse } from '../errors.ts'
import type { OrganizationId } from '../platform/organization-id.ts'

export type { OrganizationId }

/** Roles of members, lowest first. */
export type MemberRole = 'member' | 'manager' | 'admin'

/** Roles of members and API keys. `read_only` is for keys: it reads what an admin reads, except secrets, and changes nothing. */
export type Role = 'read_only' | MemberRole

/**
 * A program with an API key, or a member with a session. `name` is what people recognize them by, `memberId` whose data they
 * are limited to with the role member: a key with this role acts as one member.
 */
export type Identity = { organization: OrganizationId; name: string } & (
  | { kind: 'api_key'; apiKeyId: number; role: Exclude<Role, 'member'>; memberId: null }
  | { kind: 'api_key'; apiKeyId: number; role: 'member'; memberId: number }
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

/**
 * Finds who makes a public request: a member of this organization with a session, or a program with one of its keys; undefined for
 * everyone else.
 */
export type FindViewer = (organization: OrganizationId) => Promise<Identity | undefined>

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /** Whether the response has secrets, links that work without a sign-in, or all data of a person: not for read-only keys. */
    secret?: boolean
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
    /** Set for public routes and pages. */
    findViewer?: FindViewer
  }
}

const RANK: Record<Role, number> = { read_only: 0, member: 1, manager: 2, admin: 3 }

/** Whether a role includes the permissions of the role `needed`. Read-only keys have none; the gate lets them read. */
export function hasRole(role: Role, needed: MemberRole): boolean {
  return RANK[role] >= RANK[needed]
}

/** The authenticated actor of a request. For routes that are not public. */
export function actorOf(request: FastifyRequest): Actor {
  if (!request.actor) throw new Problem(refuse('unauthenticated', 'Send an API key: Authorization: Bearer bb_….'))
  return request.actor
}

/** Finds who makes a request to a public route or page. */
export function viewerOf(request: FastifyRequest): FindViewer {
  return request.findViewer ?? (async () => undefined)
}

/** The member to whose own data the actor is limited; null for all but the role member, who see everyone's. */
export function limitedTo(actor: Actor): number | null {
  return actor.role === 'member' ? actor.memberId : null
}

/** The organization of a request. For routes that are not public. */
export function organizationOf(request: FastifyRequest): OrganizationId {
  return actorOf(request).organization
}
