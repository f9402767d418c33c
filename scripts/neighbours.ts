import { spawnSync } from 'node:child_process'
import { findChromium } from '../test/support/browser.ts'
import { davPrograms, findDavProgram } from '../test/support/dav-servers.ts'

/**
 * Makes sure that Chromium is installed. As root on Debian, installs it.
 *
 * @throws {Error} with a message if Chromium is missing and cannot be installed.
 */
export function provideChromium(): void {
  if (provide(() => findChromium() !== undefined, ['chromium', 'fonts-liberation'])) return
  throw new Error(
    'Chromium is required and was not found on the PATH. Install it (on Debian: sudo apt-get install chromium), or set CHROMIUM_PATH to its program.',
  )
}

/**
 * Makes sure that the tests' CalDAV servers are installed. As root on Debian, installs them.
 *
 * @throws {Error} with a message if one is missing and cannot be installed.
 */
export function provideDavServers(): void {
  if (provide(() => davPrograms.every((program) => findDavProgram(program) !== undefined), davPrograms)) return
  throw new Error(
    'The CalDAV servers Radicale and Xandikos are required and were not found on the PATH. Install them (on Debian: sudo apt-get install radicale xandikos; elsewhere: pip install radicale xandikos).',
  )
}

/** Returns whether programs are installed. Tries to install their packages if they are not. */
function provide(isInstalled: () => boolean, packages: readonly string[]): boolean {
  if (isInstalled()) return true
  if (!mayInstall()) return false
  console.log(`Installing ${packages.join(', ')} …`)
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]])
    runQuietly('apt-get', args)
  return isInstalled()
}

function mayInstall(): boolean {
  return process.getuid?.() === 0 && spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0
}

function runQuietly(program: string, args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status, stdout, stderr } = spawnSync(program, args, {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (status !== 0) console.error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`)
}
