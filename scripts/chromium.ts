import { spawnSync } from 'node:child_process'
import { findChromium } from '../test/support/browser.ts'

/**
 * Sees to it that the browser tests have a Chromium: root on Debian gets it from there.
 *
 * @throws {Error} with a sentence where there is none and it cannot be installed.
 */
export function provideChromium(): void {
  if (findChromium()) return
  if (mayInstall()) {
    console.log('Installing Chromium for the browser tests …')
    const install = ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation']
    for (const args of [['update'], install]) runQuietly('apt-get', args)
    if (findChromium()) return
  }
  throw new Error(
    'The browser tests need a Chromium, and none is on the PATH. Install it (on Debian: sudo apt-get install chromium), or name the program of one in CHROMIUM_PATH.',
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
