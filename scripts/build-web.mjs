// Runs on any Node version from 20. The packages must be installed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { findNode } from './install.mjs'
import { projectFolder, Unstartable, withLock } from './project.mjs'

const web = join(projectFolder, 'web')
const output = join(web, 'dist')
const stamp = join(output, '.built-from')

/**
 * Builds the web pages with Vite if `web/dist` is missing or was built from other sources. A running server continues to serve the
 * old files until the new ones are complete.
 * @throws {Unstartable} if they cannot be built.
 */
export async function buildWebPages() {
  if (!existsSync(join(web, 'vite.config.ts')) || isBuilt()) return
  await withLock('web', async () => {
    if (!isBuilt()) await build()
  })
}

/** Returns whether `web/dist` was built from the current sources. */
export function isBuilt() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === digestSources()
}

async function build() {
  console.log('Building the web pages …')
  const digest = digestSources()
  const fresh = join(projectFolder, '.cache', 'web')
  await runVite(fresh)
  writeFileSync(join(fresh, '.built-from'), digest)
  mkdirSync(dirname(output), { recursive: true })
  rmSync(output, { recursive: true, force: true })
  renameSync(fresh, output)
}

/** The sources of the pages: `web/`, the server's API schemas, the example programs, and the packages. */
function digestSources() {
  const hash = createHash('sha256')
  const files = [
    ...filesIn(web, (path) => !path.startsWith(output)),
    ...filesIn(join(projectFolder, 'src'), (path) => path.endsWith('.ts') && !path.endsWith('.test.ts')),
    ...filesIn(join(projectFolder, 'docs', 'examples'), () => true),
    join(projectFolder, 'package-lock.json'),
  ]
  for (const file of files.sort()) {
    hash.update(`${relative(projectFolder, file)}\0`)
    hash.update(readFileSync(file))
  }
  return hash.digest('hex')
}

function filesIn(folder, wanted) {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => !path.includes('node_modules') && wanted(path))
}

async function runVite(outDir) {
  const vite = join(projectFolder, 'node_modules', 'vite', 'bin', 'vite.js')
  const child = spawn(findNode(), [vite, 'build', web, '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'], {
    cwd: projectFolder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve(1))
    child.once('close', resolve)
  })
  if (code !== 0) throw new Unstartable('The web pages could not be built; the messages above say why.')
}
