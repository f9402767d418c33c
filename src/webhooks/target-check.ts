import { isIP } from 'node:net'
import { type Refusal, refuse } from '../errors.ts'
import { type Finding, inSentences } from '../platform/finding.ts'
import type { Resolve } from '../platform/name-resolver.ts'
import { checkResolved, checkUrl, hostOf, type TargetPolicy, type UrlVerdict } from './target-guard.ts'

/** How long to wait for DNS servers, in milliseconds. */
const RESOLVE_TIMEOUT = 2_000

/**
 * Checks a URL and the current addresses of its name. An https URL whose name does not resolve in time passes, because the name
 * may be published later and every delivery checks it again. Without https, it does not pass, because only an address that is
 * known can be allowed.
 */
export async function checkTarget(
  { policy, resolve }: { policy: TargetPolicy; resolve: Resolve },
  text: string,
): Promise<UrlVerdict> {
  const verdict = checkUrl(policy, text)
  if (!verdict.ok || verdict.trust === 'inspector') return verdict
  const host = hostOf(verdict.url)
  if (isIP(host)) return verdict
  const secure = verdict.url.protocol === 'https:'
  const addresses = await resolveInTime(resolve, host)
  const refusals = addresses.flatMap((address) => checkResolved(policy, address, secure) ?? [])
  if (addresses.length === 0 && !secure) return { ok: false, refusal: unknownWithoutHttps(host) }
  return refusals[0] ? { ok: false, refusal: refusals[0] } : verdict
}

function resolveInTime(resolve: Resolve, host: string): Promise<string[]> {
  return new Promise((done) => {
    const timer = setTimeout(() => done([]), RESOLVE_TIMEOUT)
    resolve(host)
      .then(({ addresses }) => done(addresses.map(({ address }) => address)))
      .catch(() => done([]))
      .finally(() => clearTimeout(timer))
  })
}

/** Returns the refusal for a webhook's URL. */
export function refuseTarget(refusal: Finding): Refusal {
  const detail = inSentences(refusal)
  return refuse('target_refused', detail, [{ path: 'url', message: detail }])
}

function unknownWithoutHttps(host: string): Finding {
  return {
    code: 'insecure_name_unknown',
    values: { host },
    found: `The target uses http://, and ${host} does not resolve, so the server cannot check whether it is allowed.`,
    remedy: 'Use https://, or check the name.',
  }
}
