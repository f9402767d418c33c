import type { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { type Refusal, refuseField } from '../errors.ts'

/** The person who chooses a password. The password must not be based on facts that others know about this person. */
export interface PasswordOwner {
  email: string
  name: string
}

/**
 * The minimum zxcvbn score (0 to 4), which means at least a million guesses. A password with a lower score is on a list of common
 * passwords or is a pattern.
 */
const LEAST_SCORE = 2
/** The maximum number of characters that are checked. Checking more would only take more time. */
const CHECKED_CHARACTERS = 64

let estimator: Promise<ZxcvbnFactory> | undefined

/** Refuses a password that is common, is a pattern (such as a row of the keyboard), or is based on the person's name or address. */
export async function refuseWeakPassword(
  password: string,
  owner: PasswordOwner,
  path = 'password',
): Promise<Refusal | undefined> {
  estimator ??= loadEstimator()
  const { score } = (await estimator).check(password.slice(0, CHECKED_CHARACTERS), wordsOf(owner))
  if (score >= LEAST_SCORE) return undefined
  return refuseField(
    path,
    'is easy to guess; use several words, but not your name or a common password',
    'easy_to_guess',
  )
}

/** Loaded on demand, because loading the dictionary takes as long as the rest of a command. */
async function loadEstimator(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ])
  return new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })
}

function wordsOf({ email, name }: PasswordOwner): string[] {
  const whole = [email, name, name.replaceAll(' ', '')]
  const words = [...whole, ...`${email} ${name}`.split(/[^\p{L}\p{N}]+/u), 'bookbell']
  return [...new Set(words.map((word) => word.toLowerCase()).filter((word) => word.length > 2))]
}
