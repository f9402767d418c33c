import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errors, fieldCodes, refusalReasons } from '../../src/errors.ts'
import { ApiProblem } from '../api/http.ts'
import { parts as german } from '../i18n/parts.de.ts'
import { translator } from '../i18n/translate.ts'
import { fieldText, fieldTexts, problemText, problemTexts, reasonTexts } from './problem-text.ts'

const t = translator(german, 'de')

test('every code, reason and kind of field problem has a text', () => {
  assert.deepEqual(Object.keys(problemTexts).sort(), [...Object.keys(errors), 'network'].sort())
  assert.deepEqual(Object.keys(reasonTexts).sort(), [...refusalReasons].sort())
  assert.deepEqual(Object.keys(fieldTexts).sort(), [...fieldCodes].sort())
})

test('a refusal’s text depends on its reason, otherwise on its code, and never on the server’s words', () => {
  const lastAdmin = new ApiProblem(409, 'conflict', { message: 'This is the last admin.', reason: 'last_admin' })
  assert.match(problemText(lastAdmin, t), /^Dies ist der letzte Admin/)
  assert.match(problemText(new ApiProblem(409, 'slot_taken', { message: 'Taken.' }), t), /nicht mehr frei/)
  assert.match(problemText(new ApiProblem(418, 'teapot', { message: 'Short and stout.' }), t), /schiefgelaufen/)
  assert.match(problemText(new TypeError('undefined is not a function'), t), /schiefgelaufen/)
})

test('a field’s text depends on its kind and its name', () => {
  assert.equal(fieldText({ path: 'name', code: 'too_long', limit: 200 }, t), 'Höchstens 200 Zeichen sind erlaubt.')
  assert.equal(fieldText({ path: 'days', code: 'too_small', limit: 1 }, t), 'Muss mindestens 1 sein.')
  assert.match(fieldText({ path: 'attendee.email' }, t), /gültige E-Mail-Adresse/)
  assert.match(fieldText({ path: 'email', code: 'taken' }, t), /bereits verwendet/)
  assert.equal(fieldText({ path: 'whatever', code: 'new_kind' }, t), 'Diese Eingabe ist nicht gültig.')
})
