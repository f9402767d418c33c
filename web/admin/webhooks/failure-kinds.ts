import type { Delivery } from '../client/webhooks.ts'

export type FailureKind = NonNullable<Delivery['last_error_kind']>

/** The ways in which an attempt can fail. If one is missing here, this does not compile. */
const kinds: Record<FailureKind, true> = {
  status: true,
  redirect: true,
  timeout: true,
  refused: true,
  reset: true,
  unreachable: true,
  name: true,
  tls: true,
  protocol: true,
  guard: true,
  stopped: true,
}

const isKind = (name: unknown): name is FailureKind => typeof name === 'string' && Object.hasOwn(kinds, name)

export const failureKinds: readonly FailureKind[] = Object.keys(kinds).filter(isKind)

/** The kind with this name, if there is one. */
export const failureKind = (name: unknown): FailureKind | undefined => (isKind(name) ? name : undefined)
