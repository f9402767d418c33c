import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findUnusualWords } from './word-list.ts'

const find = (text: string) => findUnusualWords(text).map(({ line, found }) => `${line} ${found}`)

test('finds unusual wordings in comments, strings and prose', () => {
  const unusual: [text: string, found: string][] = [
    ['/** Gives the row. */', '1 /** Gives'],
    ["throw new Error('7 is no host')", '1 is no host'],
    ['at most so many rows', '1 so many'],
    ['where there is none', '1 is none'],
    ['Whoever books is told.', '1 Whoever'],
    ['as somebody likes', '1 somebody'],
  ]
  for (const [text, found] of unusual) assert.equal(find(text)[0], found)
})

test('finds a wording that is broken across two lines of a comment, and names the first line', () => {
  assert.deepEqual(find('/**\n * Deletes at most so\n * many rows.\n */'), ['2 so many'])
  assert.deepEqual(find('// it goes\n// on'), ['1 goes on'])
})

test('checks emails in source files too, where names such as `mails` are allowed', () => {
  assert.deepEqual(find('/** Removes it, and mails the person. */'), ['1 mails'])
  assert.deepEqual(find("title: 'No e-mails yet'"), ['1 e-mails'])
  const names = ['const mails = claimed', 'delete from mails where id = 1', "selectFrom('mails')", '{ member, mailed }']
  for (const text of names) assert.deepEqual(find(text), [], text)
})

test('allows such names only in the code of documentation', () => {
  const text = 'Two mails are sent.\n```sh\naccounts mails\n```\nThe table `mails` has a mailbox and an e-mail.'
  const uses = findUnusualWords(text, { isDocs: true }).map(({ line, found }) => `${line} ${found}`)
  assert.deepEqual(uses, ['1 mails', '5 e-mail'])
})

test('accepts plain wordings that look similar', () => {
  const plain = [
    'There is no tag 7. It is no longer stored.',
    'npm gives the reason; understand, recommend, standard, standby',
    'so many that it fails',
    'besides, amend',
  ]
  for (const text of plain) assert.deepEqual(find(text), [], text)
})
