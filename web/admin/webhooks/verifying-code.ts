import goWithKey from '../../../docs/examples/verify/ed25519/receiver.go?raw'
import nodeWithKey from '../../../docs/examples/verify/ed25519/receiver.mjs?raw'
import phpWithKey from '../../../docs/examples/verify/ed25519/receiver.php?raw'
import ruby from '../../../docs/examples/verify/hmac/config.ru?raw'
import go from '../../../docs/examples/verify/hmac/receiver.go?raw'
import node from '../../../docs/examples/verify/hmac/receiver.mjs?raw'
import php from '../../../docs/examples/verify/hmac/receiver.php?raw'
import python from '../../../docs/examples/verify/hmac/receiver.py?raw'
import readme from '../../../packages/webhooks/README.md?raw'

/*
 * Shows how a receiver verifies a request (Standard Webhooks 1.0). The examples are complete programs that need only the language
 * itself. Each reads the secret or the public key from the environment and listens on port 4000.
 */
export type Program = { language: string; file: string; code: string }

/** The first program in the package's README. */
const withPackage: Program = {
  language: '@bookbell/webhooks',
  file: 'receiver.mjs',
  code: /```js file=receiver\.mjs\n([\s\S]*?)```/.exec(readme)?.[1] ?? '',
}

/** For the shared secret of `v1`. */
export const sharedSecretPrograms: Program[] = [
  withPackage,
  { language: 'Node.js', file: 'receiver.mjs', code: node },
  { language: 'Python', file: 'receiver.py', code: python },
  { language: 'Go', file: 'receiver.go', code: go },
  { language: 'PHP', file: 'receiver.php', code: php },
  { language: 'Ruby', file: 'config.ru', code: ruby },
]

/** For the public key of `v1a`, in languages whose standard library supports Ed25519. */
export const publicKeyPrograms: Program[] = [
  { language: 'Node.js', file: 'receiver.mjs', code: nodeWithKey },
  { language: 'Go', file: 'receiver.go', code: goWithKey },
  { language: 'PHP', file: 'receiver.php', code: phpWithKey },
]
