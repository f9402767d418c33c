import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { eachDatabase } from '../../test/support/databases.ts'
import { columnMentions, mentions } from './mentions.ts'

const ann = 'ann@example.com'
const found = [
  ann,
  'Ann@Example.COM',
  `Ann <${ann}>`,
  `mailto:${ann}?subject=x`,
  `write to ${ann}.`,
  `${ann}, and others`,
  `'${ann}'`,
  JSON.stringify({ email: ann, text: 'x' }),
  JSON.stringify(`first line\n${ann}\nlast line`),
  JSON.stringify({ [ann]: `tab\t${ann}` }),
]
const others = [
  'joann@example.com',
  'jo.ann@example.com',
  'jo+ann@example.com',
  'ann@example.com.au',
  'ann@example.community',
  'ann@example.com-pany.example',
  'annXexample.com',
  'ann@exampleXcom',
]

test('an email address is found only as a whole', () => {
  for (const text of found) assert.ok(mentions(text, ann), text)
  for (const text of others) assert.ok(!mentions(text, ann), text)
  for (const email of ["o'neill+x@müller.de", 'a.b*c(d)@example.org', 'x$y^z@example.org', 'a{b}|c@example.org'])
    assert.ok(mentions(`{"email":"${email.toUpperCase()}"}`, email), email)
})

test('any other text is found anywhere', () => {
  assert.ok(mentions('https://book.example/m/AbC_-1.ics', 'abc_-1'))
})

eachDatabase((open) => {
  test('the database finds the same texts', async () => {
    const { executor } = await open()
    const search = async (text: string, wanted: string[]) => {
      const condition = columnMentions(sql`${text}::text`, wanted)
      return (await sql<{ is: boolean }>`select ${condition} as is`.execute(executor)).rows[0]?.is
    }
    for (const text of found) assert.equal(await search(text, ['x@y.example', ann]), true, text)
    for (const text of others) assert.equal(await search(text, [ann, 'some-id']), false, text)
    for (const email of ["o'neill+x@müller.de", 'a.b*c(d)@example.org', 'x$y^z@example.org', 'a{b}|c@example.org'])
      assert.equal(await search(`{"email":"${email}"}`, [email.replace('e', 'E')]), true, email)
    assert.equal(await search('https://book.example/m/AbC_-1.ics', ['abc_-1']), true)
    assert.equal(
      (await sql<{ is: boolean }>`select ${columnMentions(sql`null::text`, [ann])} as is`.execute(executor)).rows[0]
        ?.is,
      false,
    )
  })
})
