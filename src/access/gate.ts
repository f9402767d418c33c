import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import { Problem, refuse } from '../errors.ts'
import type { OrganizationId } from '../platform/organization-id.ts'

export type { OrganizationId }

/** The roles of members, lowest first. */
export type MemberRole = 'member' | 'manager' | 'admin'

/**
 * The roles of members and API keys. `read_only` is only for keys. It reads everything that an admin can read, except secrets,
 * and changes nothing.
 */
export type Role = 'read_only' | MemberRole

/**
 * A program with an API key, or a member with a session. `name` is how people recognize the actor. If the role is member, the
 * actor is limited to the data of the member `memberId`. A key with this role acts as one member.
 */
export type Identity = { organization: OrganizationId; name: string } & (
  | { kind: 'api_key'; apiKeyId: number; role: Exclude<Role, 'member'>; memberId: null }
  | { kind: 'api_key'; apiKeyId: number; role: 'member'; memberId: number }
  | { kind: 'member'; memberId: number; role: MemberRole }
)

/** The actor of a request and where it comes from. Created only by the gate. */
export type Actor = Identity & {
  /** The request's IP address. */
  address: string
  /** The request's log. */
  log?: Pick<FastifyBaseLogger, 'info'>
}

/** Who may use a route: anyone, or members with at least this role. Required for every route under /api/v1. */
export type Access = 'public' | MemberRole

/**
 * Finds the actor of a public request: a member of this organization with a session, or a program with one of its keys. Returns
 * undefined for anyone else.
 */
export type FindViewer = (organization: OrganizationId) => Promise<Identity | undefined>

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /**
     * Whether the response contains secrets, links that work without signing in, or all of a person's data. Read-only keys may
     * not receive those.
     */
    secret?: boolean
    /** Whether the route requires that the person has recently signed in or confirmed their identity. */
    fresh?: boolean
    /**
     * How a POST stores its Idempotency-Key. By default, it is stored in the transaction of the change. `after` is for handlers
     * that call other servers: it is stored once the handler has finished. `setup` is used only by the setup, which first creates
     * the organization that stores the key.
     */
    idempotency?: 'in_transaction' | 'after' | 'setup'
    /** Whether the path identifies a person. If so, it is stored only as a keyed hash. */
    isPersonal?: boolean
  }
  interface FastifyRequest {
    actor?: Actor
    /**
     * Returns whether the same actor would still be admitted. False once the key, session, member or role has ended or changed.
     */
    isStillAllowed?: () => Promise<boolean>
    /** Set for public routes and pages. */
    findViewer?: FindViewer
  }
}

const RANK: Record<Role, number> = { read_only: 0, member: 1, manager: 2, admin: 3 }

/**
 * Returns whether a role includes the permissions of the role `needed`. Read-only keys have no role permissions. The gate allows
 * them to read.
 */
export function hasRole(role: Role, needed: MemberRole): boolean {
  return RANK[role] >= RANK[needed]
}

/** Returns a request's authenticated actor. For routes that are not public. */
export function actorOf(request: FastifyRequest): Actor {
  if (!request.actor) throw new Problem(refuse('unauthenticated', 'Send an API key: Authorization: Bearer bb_….'))
  return request.actor
}

/** Finds the actor of a request to a public route or page. */
export function viewerOf(request: FastifyRequest): FindViewer {
  return request.findViewer ?? (async () => undefined)
}

/**
 * Returns the member whose data the actor is limited to. Null for every role other than member, because those roles see
 * everyone's data.
 */
export function limitedTo(actor: Actor): number | null {
  return actor.role === 'member' ? actor.memberId : null
}

/** Returns a request's organization. For routes that are not public. */
export function organizationOf(request: FastifyRequest): OrganizationId {
  return actorOf(request).organization
}
