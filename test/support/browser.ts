import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The path of this machine's Chromium: `CHROMIUM_PATH`, or the first of its usual names in the PATH. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean)
  const candidates = folders.flatMap((folder) => names.map((name) => join(folder, name)))
  return [env.CHROMIUM_PATH, ...candidates].find((path) => path && isExecutable(path))
}

/**
 * Opens headless Chromium, with any additional flags. The caller closes it.
 *
 * @throws {Error} if no Chromium is installed.
 */
export async function launchBrowser(further: string[] = []): Promise<Browser> {
  const executablePath = findChromium()
  if (!executablePath) {
    throw new Error(
      'No Chromium was found on the PATH: install it (on Debian: apt-get install chromium), or set CHROMIUM_PATH',
    )
  }
  // Chromium refuses to run as root inside its sandbox. In tests, it only opens our own pages on loopback.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return chromium.launch({ executablePath, headless: true, args: [...flags, ...sandbox, ...further] })
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
