import type { Actor } from '../access/gate.ts'
import type { AuditAction } from '../audit/action.ts'
import { type AuditActor, recordAudit } from '../audit/service.ts'
import { identityOf, listMembersOfUser, type Membership } from '../members/service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Transaction } from '../platform/database.ts'

/** Where a request came from, and the log to use for it. */
export type Place = Pick<Actor, 'address' | 'log'>

/**
 * An event in an account. `by` says where the request came from. It is null if the server administrator acted. A stranger is
 * someone who has not shown that the account is theirs.
 */
export interface PersonAudit {
  user: string
  action: AuditAction
  by: Place | null
  isStranger?: boolean
  clock: Clock
}

/** Records an account event in the audit log of every organization that the person belongs to. */
export async function auditPerson(tx: Transaction, { user, action, clock, ...who }: PersonAudit): Promise<void> {
  for (const membership of await listMembersOfUser(tx, user)) {
    const { id, email } = membership.member
    const object = { type: 'member', id, label: email } as const
    await recordAudit(tx, actorOf(membership, who), { action, object, clock })
  }
}

function actorOf(
  { organization, member }: Membership,
  { by, isStranger = false }: Pick<PersonAudit, 'by' | 'isStranger'>,
): AuditActor {
  if (by === null) return { kind: 'operator', organization }
  const { address, log } = by
  const place = log ? { address, log } : { address }
  return isStranger ? { kind: 'visitor', organization, ...place } : { ...identityOf(organization, member), ...place }
}
