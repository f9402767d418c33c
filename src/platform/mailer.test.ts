import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import {
  findDeadUrl,
  type MailServerOptions,
  startMailServer,
  startSilentServer,
} from '../../test/support/mail-server.ts'
import { createMailer, type MailerOptions, type OutgoingMail, type SendOutcome } from './mailer.ts'

const never = new AbortController().signal
const impatient = { connectMs: 200, answerMs: 200, mailMs: 1000 }
const release: (() => unknown)[] = []
after(async () => {
  for (const step of release.reverse()) await step()
})

function mail(changes: Partial<OutgoingMail> = {}): OutgoingMail {
  return {
    messageId: '<one@book.example.com>',
    date: new Date('2027-03-01T08:00:00Z'),
    from: { name: 'Example Inc.', address: 'mail@book.example.com' },
    to: { name: 'Ben Booker', address: 'ben@example.com' },
    replyTo: { name: 'Anna', address: 'anna@example.com' },
    subject: 'Confirmed: Intro',
    text: 'Your meeting is confirmed.\n',
    html: '<p>Your meeting is confirmed.</p>',
    calendar: { method: 'REQUEST', text: 'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Ünï\r\nEND:VCALENDAR\r\n' },
    ...changes,
  }
}

async function openMailer(options: Partial<MailerOptions> & { smtpUrl: string }) {
  const mailer = await createMailer({ mailFrom: undefined, url: 'https://book.example.com', ...options })
  release.push(() => mailer.close())
  return mailer
}

async function openServer(options?: MailServerOptions) {
  const server = await startMailServer(options)
  release.push(() => server.stop())
  return server
}

/** Sends one email to a mail server with these options, and returns the outcome. */
async function sendTo(server: MailServerOptions, changes?: Partial<OutgoingMail>): Promise<SendOutcome> {
  const { url } = await openServer(server)
  return (await openMailer({ smtpUrl: url })).send(mail(changes), never)
}

describe('an email that is sent', () => {
  test('arrives with its headers, as text and as HTML', async () => {
    const { url, mails } = await openServer()
    assert.deepEqual(await (await openMailer({ smtpUrl: url })).send(mail(), never), { kind: 'accepted' })
    const [arrived] = mails
    assert.ok(arrived)
    assert.deepEqual(arrived.recipients, ['ben@example.com'])
    assert.equal(arrived.messageId, '<one@book.example.com>')
    assert.equal(arrived.date, '2027-03-01T08:00:00.000Z')
    assert.deepEqual(arrived.from, { name: 'Example Inc.', address: 'mail@book.example.com' })
    assert.deepEqual(arrived.to, [{ name: 'Ben Booker', address: 'ben@example.com' }])
    assert.deepEqual(arrived.replyTo, [{ name: 'Anna', address: 'anna@example.com' }])
    assert.equal(arrived.subject, 'Confirmed: Intro')
    assert.equal(arrived.text?.trim(), 'Your meeting is confirmed.')
    assert.equal(arrived.html?.trim(), '<p>Your meeting is confirmed.</p>')
    assert.equal(arrived.headers.find(({ key }) => key === 'auto-submitted')?.value, 'auto-generated')
  })

  test('contains its calendar entry as a part that email clients show, and as a file', async () => {
    const { url, mails } = await openServer()
    await (await openMailer({ smtpUrl: url })).send(mail(), never)
    const [arrived] = mails
    assert.match(arrived!.raw, /Content-Type: text\/calendar; charset=utf-8; method=REQUEST/i)
    const [shown, file] = arrived!.attachments
    const unix = (text: unknown) => String(text).replaceAll('\r\n', '\n')
    assert.deepEqual([shown?.mimeType, shown?.method], ['text/calendar', 'REQUEST'])
    assert.equal(unix(shown?.content), unix(mail().calendar!.text))
    assert.deepEqual([file?.mimeType, file?.filename], ['application/ics', 'invite.ics'])
    assert.ok(unix(arrived!.raw).replaceAll('\n', '').includes(Buffer.from(mail().calendar!.text).toString('base64')))
  })

  test('has each header only once, whatever names and subjects contain', async () => {
    const { url, mails } = await openServer()
    const mailer = await openMailer({ smtpUrl: url })
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary-ascii' }), async (one, two) => {
        const name = `${one}\r\nBcc: victim@example.com\r\n\r\n${two}`
        const outcome = await mailer.send(mail({ subject: name, to: { name, address: 'ben@example.com' } }), never)
        assert.equal(outcome.kind, 'accepted')
        const arrived = mails.at(-1)!
        assert.deepEqual(arrived.recipients, ['ben@example.com'])
        const keys = arrived.headers.map(({ key }) => key)
        assert.equal(new Set(keys).size, keys.length)
        assert.ok(!keys.includes('bcc'))
      }),
      { numRuns: 50 },
    )
  })

  test('shares at most four connections with all other emails', async () => {
    const open = Promise.withResolvers<void>()
    let waiting = 0
    const server = await openServer({
      onMail: () => {
        if (++waiting === 4) open.resolve()
        return open.promise
      },
    })
    const mailer = await openMailer({ smtpUrl: server.url })
    await Promise.all(Array.from({ length: 20 }, (_, index) => mailer.send(mail({ messageId: `<${index}@x>` }), never)))
    assert.equal(server.mails.length, 20)
    assert.equal(server.mostConnections(), 4)
  })
})

describe('an email that is not accepted', () => {
  test('is refused if the recipient or the text is refused permanently', async () => {
    for (const [when, holding] of [
      ['recipient', 'ben@'],
      ['text', 'confirmed'],
    ] as const) {
      const outcome = await sendTo({ refuse: { when, holding, code: 550 } })
      assert.equal(outcome.kind, 'refused', when)
      assert.match(outcome.kind === 'refused' ? outcome.reason : '', /550 not here/)
    }
  })

  test('is retried if it is refused temporarily (greylisting, a full mailbox)', async () => {
    assert.equal((await sendTo({ refuse: { when: 'recipient', holding: 'ben@', code: 450 } })).kind, 'failed')
  })

  test('is retried if the sender is refused: the operator can fix that', async () => {
    assert.equal((await sendTo({ refuse: { when: 'sender', holding: 'mail@', code: 550 } })).kind, 'failed')
  })

  test('waits if the password is wrong, because any other email would fail too', async () => {
    assert.equal((await sendTo({ password: 'another' })).kind, 'unreachable')
    assert.equal((await sendTo({ password: 'secret' })).kind, 'accepted')
  })

  test('waits if nothing listens', async () => {
    const mailer = await openMailer({ smtpUrl: await findDeadUrl() })
    assert.equal((await mailer.send(mail(), never)).kind, 'unreachable')
  })

  test('waits if the server does not respond', async () => {
    const server = await startSilentServer()
    release.push(() => server.stop())
    const mailer = await openMailer({ smtpUrl: server.url, patience: impatient })
    assert.equal((await mailer.send(mail(), never)).kind, 'unreachable')
  })

  test('times out after the maximum time for an email, at whatever point the server stops responding', async () => {
    const release = Promise.withResolvers<void>()
    const server = await openServer({ onMail: () => release.promise })
    const mailer = await openMailer({ smtpUrl: server.url, patience: { ...impatient, answerMs: 10_000, mailMs: 200 } })
    const outcome = await mailer.send(mail(), never)
    assert.deepEqual(outcome, { kind: 'failed', reason: 'the mail server did not accept the email in time' })
    release.resolve()
  })

  test('is abandoned when the process stops', async () => {
    const stopping = new AbortController()
    const server = await openServer({ onMail: () => stopping.abort() })
    const mailer = await openMailer({ smtpUrl: server.url })
    assert.equal((await mailer.send(mail(), stopping.signal)).kind, 'failed')
  })
})

describe('the sender', () => {
  const from = async (mailFrom: string | undefined) =>
    (await createMailer({ smtpUrl: undefined, mailFrom, url: 'http://[::1]:3000' })).from

  test('is taken from MAIL_FROM, with or without a name', async () => {
    assert.deepEqual(await from('mail@example.com'), { name: '', address: 'mail@example.com' })
    assert.deepEqual(await from('Example, Inc. <mail@example.com>'), {
      name: 'Example, Inc.',
      address: 'mail@example.com',
    })
    assert.deepEqual(await from('"Example" <mail@example.com>'), { name: 'Example', address: 'mail@example.com' })
  })

  test('is bookbell at the host name of the public URL if MAIL_FROM is not set', async () => {
    assert.deepEqual(await from(undefined), { name: '', address: 'bookbell@localhost' })
    const { from: sender } = await createMailer({
      smtpUrl: undefined,
      mailFrom: undefined,
      url: 'https://book.example.com',
    })
    assert.equal(sender.address, 'bookbell@book.example.com')
  })

  test('prevents the start if MAIL_FROM is not an address', async () => {
    for (const wrong of ['Example', 'a@b, c@d', 'Example <a@b', '<a@b>\r\nBcc: c@d'])
      await assert.rejects(from(wrong), /^StartError: MAIL_FROM must be an address such as/)
  })
})

test('without a mail server, everything is accepted', async () => {
  const mailer = await createMailer({ smtpUrl: undefined, mailFrom: undefined, url: 'http://localhost:3000' })
  assert.equal(mailer.kind, 'mailbox')
  assert.deepEqual(await mailer.send(mail(), never), { kind: 'accepted' })
})
