import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'

/** An email as the server accepted it. */
export type ReceivedMail = Email & { recipients: string[]; raw: string }

export type MailServer = {
  /** The value for SMTP_URL. */
  url: string
  /** The emails that it accepted, in order. */
  mails: ReceivedMail[]
  /** The largest number of connections that were open at the same time. */
  mostConnections: () => number
  stop: () => Promise<void>
}

/** Rejects emails to or from addresses that contain the text, with this error code. */
export type MailServerOptions = {
  refuse?: { when: 'sender' | 'recipient' | 'text'; holding: string; code: number }
  /** Called for each recipient. Returns the code to reject it with, `hang` to never respond, or undefined to accept it. */
  answerRecipient?: (address: string) => number | 'hang' | undefined
  /** The only password that it accepts. */
  password?: string
  port?: number
  /** Called with each email before the server confirms it. The sender waits until it resolves. */
  onMail?: (mail: ReceivedMail) => Promise<void> | void
}

/** A real mail server on loopback, without TLS. */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = []
  let connections = 0
  let most = 0
  const server = new SMTPServer({
    authOptional: options.password === undefined,
    disabledCommands: ['STARTTLS', ...(options.password === undefined ? ['AUTH'] : [])],
    allowInsecureAuth: true,
    // Stopping cuts every connection, like a server crash.
    closeTimeout: 1,
    logger: false,
    onConnect: (_session, done) => {
      most = Math.max(most, ++connections)
      done()
    },
    onClose: () => {
      connections--
    },
    onAuth: ({ password }, _session, done) =>
      password === options.password ? done(null, { user: 'user' }) : done(refusal(535)),
    onMailFrom: ({ address }, _session, done) => done(refusalOf(options, 'sender', address)),
    onRcptTo: ({ address }, _session, done) => {
      const answer = options.answerRecipient?.(address)
      if (answer === 'hang') return
      done(answer === undefined ? refusalOf(options, 'recipient', address) : refusal(answer))
    },
    onData: (stream, session, done) => {
      take(
        stream,
        session.envelope.rcptTo.map(({ address }) => address),
      ).then(() => done(), done)
    },
  })
  const take = async (stream: NodeJS.ReadableStream, recipients: string[]) => {
    const raw = await text(stream as never)
    const mail = { ...(await PostalMime.parse(raw, { attachmentEncoding: 'utf8' })), recipients, raw }
    const refused = refusalOf(options, 'text', raw)
    if (refused) throw refused
    await options.onMail?.(mail)
    mails.push(mail)
  }
  server.on('error', () => {})
  const listening = server.listen(options.port ?? 0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  const login = options.password === undefined ? '' : 'user:secret@'
  return {
    url: `smtp://${login}127.0.0.1:${port}`,
    mails,
    mostConnections: () => most,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** A server that accepts connections and never sends anything. */
export async function startSilentServer(): Promise<{
  url: string
  connections: () => number
  stop: () => Promise<void>
}> {
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    connections: () => connections,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The URL of a port that nothing listens on. */
export async function findDeadUrl(): Promise<string> {
  const { url, stop } = await startSilentServer()
  await stop()
  return url
}

function refusalOf({ refuse }: MailServerOptions, when: string, found: string): Error | null {
  return refuse?.when === when && found.includes(refuse.holding) ? refusal(refuse.code) : null
}

function refusal(responseCode: number): Error {
  return Object.assign(new Error('not here'), { responseCode })
}
