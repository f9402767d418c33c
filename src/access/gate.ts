import type { FastifyRequest } from 'fastify'
import { Problem, refuse } from '../errors.ts'
import type { OrganizationId } from '../platform/organization-id.ts'

export type { OrganizationId }

/** What a member may do, from least to most. An API key may do what an admin may. */
export type MemberRole = 'member' | 'manager' | 'admin'

/** Who asks: a program with an API key, or a member with a session. */
export type Actor =
  | { kind: 'api_key'; organization: OrganizationId; apiKeyId: number; role: 'admin' }
  | { kind: 'member'; organization: OrganizationId; memberId: number; role: MemberRole }

/** Who may use a route: anybody, or members from this role up. Every route under /api/v1 says it. */
export type Access = 'public' | MemberRole

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /**
     * How a POST takes an Idempotency-Key: in the transaction of its change (the default), `after` where it speaks to the
     * outside, `setup` where it makes the first organization, which is there to keep the key only when it has.
     */
    idempotency?: 'in_transaction' | 'after' | 'setup'
  }
  interface FastifyRequest {
    actor?: Actor
  }
}

const RANK: Record<MemberRole, number> = { member: 1, manager: 2, admin: 3 }

/** Whether a role includes what `needed` asks for. */
export function hasRole(role: MemberRole, needed: MemberRole): boolean {
  return RANK[role] >= RANK[needed]
}

/** The proven actor of a request on a route that is not public. */
export function actorOf(request: FastifyRequest): Actor {
  if (!request.actor) throw new Problem(refuse('unauthenticated', 'Send an API key: Authorization: Bearer bb_….'))
  return request.actor
}

/** The member whose own things are all that the actor sees; null for managers, admins and API keys, who see everybody's. */
export function limitedTo(actor: Actor): number | null {
  return actor.kind === 'api_key' || hasRole(actor.role, 'manager') ? null : actor.memberId
}

/** The organization of a request on a route that is not public. */
export function organizationOf(request: FastifyRequest): OrganizationId {
  return actorOf(request).organization
}
