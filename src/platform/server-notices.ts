import { z } from 'zod'
import type { App } from './http-server.ts'
import type { Logger } from './log.ts'

export const serverNoticesSchema = z.strictObject({
  data: z.array(
    z.strictObject({
      code: z.enum(['untrusted_proxy', 'insecure_url', 'open_host', 'no_mail_server']),
      message: z.string().meta({ description: 'The problem and what to do about it, in English' }),
    }),
  ),
})
export type ServerNotice = z.output<typeof serverNoticesSchema>['data'][number]

/** Information for the operator about how this process is set up. Each notice is logged once. */
export interface ServerNotices {
  /** Adds a notice. `level` is `debug` for notices that are normal on a first start. */
  add(notice: ServerNotice, level?: 'warn' | 'debug'): void
  list(): ServerNotice[]
}

export function createServerNotices(logger: Pick<Logger, 'warn' | 'debug'>): ServerNotices {
  const notices = new Map<ServerNotice['code'], ServerNotice>()
  return {
    add(notice, level = 'warn') {
      if (notices.has(notice.code)) return
      notices.set(notice.code, notice)
      logger[level]({ notice: notice.code }, notice.message)
    },
    list: () => [...notices.values()],
  }
}

/** Returns the notice about a peer that forwards requests but is not trusted. */
export function describeUntrustedProxy(address: string): ServerNotice {
  return {
    code: 'untrusted_proxy',
    message: `A request with X-Forwarded-For came from ${address}, which is not in BOOKBELL_TRUST_PROXY. If this is your reverse proxy, set BOOKBELL_TRUST_PROXY=${address}. Until then, all of its visitors count as one client and share one client's limits, so they can lock each other out. If it is not your proxy, ignore this message, because the header has no effect.`,
  }
}

export interface ServerSetUp {
  url: string
  host: string
  /** Whether the URL, or the host, is a loopback address. */
  isUrlLoopback: boolean
  isHostLoopback: boolean
}

/** Returns the notices about how the server is set up. */
export function describeSetUp({ url, host, isUrlLoopback, isHostLoopback }: ServerSetUp): ServerNotice[] {
  const notices: ServerNotice[] = []
  if (isUrlLoopback && !isHostLoopback)
    notices.push({
      code: 'open_host',
      message: `HOST=${host} allows connections from other machines, although BOOKBELL_URL (${url}) is a loopback address. All limits for visitors stay on, and webhooks cannot be sent to loopback addresses. Set BOOKBELL_URL to the address that people use, or HOST to 127.0.0.1.`,
    })
  if (!isUrlLoopback && url.startsWith('http://'))
    notices.push({
      code: 'insecure_url',
      message: `BOOKBELL_URL (${url}) does not use https, so passwords, sessions and links to meetings can be read in transit. Put a reverse proxy with a certificate in front of the server, and set BOOKBELL_URL to its https:// address.`,
    })
  return notices
}

/** The notice that there is no mail server. It is normal on a first start. */
export const noMailServer: ServerNotice = {
  code: 'no_mail_server',
  message:
    'This server does not send emails, because SMTP_URL is not set. Emails about meetings and invitations are stored in Settings > Mailbox, and `bookbell accounts mail` prints emails about passwords.',
}

/** Shows the notices to admins. */
export function registerServerNotices(app: App, notices: ServerNotices): void {
  app.route({
    method: 'GET',
    url: '/api/v1/server-notices',
    config: { access: 'admin' },
    schema: {
      tags: ['Organization'],
      summary: 'List problems that the server operator should fix',
      description:
        'Returns the problems that this process has found since it started. The log contains the same warnings.',
      response: { 200: serverNoticesSchema },
    },
    handler: () => ({ data: notices.list() }),
  })
}
