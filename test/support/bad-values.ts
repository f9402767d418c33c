/**
 * Values that replace each part of a body: values of every type, values at the limits, and characters that text should not
 * contain.
 */
export const badValues: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  Number.MAX_SAFE_INTEGER,
  2 ** 63,
  '',
  'a\0b',
  '\ud800',
  'a\r\nBcc: b@example.com',
  "'; drop table members; --",
  '2027-02-30',
  '9999-12-31T23:59:59Z',
  '0000-01-01T00:00:00Z',
  'Area/City',
  'x'.repeat(20_000),
  [],
  [null],
  {},
]

/** Texts that replace each URL parameter, already encoded. */
export const badTexts: readonly string[] = [
  '',
  '0',
  '-1',
  '1.5',
  'abc',
  '9007199254740991',
  '99999999999999999999',
  '1e999',
  '%00',
  'a%00b',
  '%ED%A0%80',
  '%E0%A4',
  '%F0%9F%98%80',
  '..%2F..%2Fetc%2Fpasswd',
  '%27%20or%201%3D1',
  '2027-02-30',
  '9999-12-31T23:59:59Z',
  '0000-01-01',
  'x'.repeat(3_000),
]

/** A position in a body: the keys and indexes that lead to it. */
export type Place = (string | number)[]

/** Every position in a JSON value, starting with the whole value. */
export function placesIn(value: unknown, at: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [at]
  const parts = Array.isArray(value) ? value.entries() : Object.entries(value)
  return [at, ...[...parts].flatMap(([key, part]) => placesIn(part, [...at, key]))]
}

/** Returns a copy of the value in which one position is replaced. */
export function withValueAt(value: unknown, [key, ...rest]: Place, put: unknown): unknown {
  if (key === undefined) return put
  if (Array.isArray(value)) return value.map((part, index) => (index === key ? withValueAt(part, rest, put) : part))
  const object = value as Record<string, unknown>
  return { ...object, [key]: withValueAt(object[key], rest, put) }
}
