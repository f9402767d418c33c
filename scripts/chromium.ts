import { spawnSync } from 'node:child_process'
import { findChromium } from '../test/support/browser.ts'

/**
 * Makes sure that there is a Chromium: as root on Debian, installs it.
 *
 * @throws {Error} with a message if it is missing and cannot be installed.
 */
export function provideChromium(): void {
  if (findChromium()) return
  if (mayInstall()) {
    console.log('Installing Chromium …')
    const install = ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation']
    for (const args of [['update'], install]) runQuietly('apt-get', args)
    if (findChromium()) return
  }
  throw new Error(
    'Chromium is required and was not found on the PATH. Install it (on Debian: sudo apt-get install chromium), or set CHROMIUM_PATH to its program.',
  )
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
