import assert from 'node:assert/strict'

/**
 * Checks that a value has only fields that a published sample has, with the same types, and every field in `required`. In a sample, an
 * array has one element.
 */
export function assertShape(value: unknown, sample: unknown, required: readonly string[] = [], path = '$'): void {
  if (Array.isArray(sample)) {
    assert.ok(Array.isArray(value), `${path} must be an array`)
    for (const [index, item] of value.entries()) assertShape(item, sample[0], [], `${path}[${index}]`)
    return
  }
  assert.equal(typeof value, typeof sample, path)
  if (typeof sample !== 'object' || sample === null || typeof value !== 'object' || value === null) return
  for (const name of required) assert.ok(name in value, `${path}.${name} is missing`)
  for (const [name, field] of Object.entries(value)) {
    assert.ok(name in sample, `${path}.${name} is not in the published sample`)
    assertShape(field, (sample as Record<string, unknown>)[name], [], `${path}.${name}`)
  }
}
