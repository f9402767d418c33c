import type { AuditAction } from '../audit/action.ts'
import { recordAudit } from '../audit/service.ts'
import { identityOf, listMembersOfUser } from '../members/service.ts'
import type { Clock } from '../platform/clock.ts'
import type { Transaction } from '../platform/database.ts'

/** What happened to an account. `address` is null if the person who runs the server did it. */
export interface PersonAudit {
  user: string
  action: AuditAction
  address: string | null
  clock: Clock
}

/** Records what happened to an account in the audit log of every organization that its person belongs to. */
export async function auditPerson(tx: Transaction, { user, action, address, clock }: PersonAudit): Promise<void> {
  for (const { organization, member } of await listMembersOfUser(tx, user)) {
    const actor =
      address === null
        ? ({ kind: 'operator', organization } as const)
        : { ...identityOf(organization, member), address }
    const object = { type: 'member', id: member.id, label: member.email } as const
    await recordAudit(tx, actor, { action, object, clock })
  }
}
