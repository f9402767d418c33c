// Runs on any Node version from 20 with nothing installed: plain JavaScript, no dependencies.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import { projectFolder, Unstartable, withLock } from './project.mjs'

const modules = join(projectFolder, 'node_modules')

/** The required major version of Node. `package.json` installs it as the package `node`. */
const neededNode = 26

/**
 * Installs the packages of the lock file if they are missing or different. If another process is installing, it waits.
 * @param {{ dev: boolean }} options whether the development packages must be installed
 * @throws {Unstartable} with a message for the console.
 */
export async function installPackages({ dev }) {
  if (isInstalled({ dev })) return
  await withLock('install', async () => {
    if (!isInstalled({ dev })) await runInstaller()
  })
}

/** Returns whether this process runs the Node version that the program needs. */
export function isNodeNewEnough() {
  return Number(process.versions.node.split('.')[0]) >= neededNode
}

/**
 * Returns the path of a suitable Node: the Node that runs this process if it is new enough, otherwise the Node in the package
 * `node`.
 * @throws {Unstartable} if the package's install script was not allowed to download it.
 */
export function findNode() {
  if (isNodeNewEnough()) return process.execPath
  const own = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(own)) return own
  throw new Unstartable(
    `Bookbell needs Node.js ${neededNode}, but this is ${process.version}. The install script of the package \`node\`, which downloads the right version, has not run. ` +
      'Run `npm rebuild node --ignore-scripts=false`, then try again.',
  )
}

/** npm's last step is to write what it has installed to `node_modules/.package-lock.json`, so an interrupted install does not count. */
function isInstalled({ dev }) {
  const wanted = readPackages(join(projectFolder, 'package-lock.json'))
  const present = readPackages(join(modules, '.package-lock.json'))
  return isComplete(wanted, present, { dev })
}

/**
 * Returns whether all wanted packages are present in the correct versions, except optional packages and, without `dev`,
 * development packages.
 * @param {Packages} wanted
 * @param {Packages} present
 * @param {{ dev: boolean }} options
 */
export function isComplete(wanted, present, { dev: withDev }) {
  return Object.entries(wanted).every(([path, { version, optional, dev, devOptional }]) => {
    if (path === '') return true
    if (path in present) return present[path].version === version
    return optional === true || (!withDev && (dev === true || devOptional === true))
  })
}

/**
 * @typedef {Record<string, { version?: string, optional?: boolean, dev?: boolean, devOptional?: boolean }>} Packages
 * @returns {Packages}
 */
function readPackages(path) {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')).packages ?? {}) : {}
}

async function runInstaller() {
  console.log('Installing packages (once, about a minute) …')
  const started = Date.now()
  const seconds = () => Math.round((Date.now() - started) / 1000)
  const watch = watchNpm()
  const npm = startNpm(watch)
  const progress = setInterval(() => {
    if (watch.isOffline()) npm.kill()
    else if (seconds() % 10 === 0) console.log(`  … ${watch.downloads()} downloads so far (${seconds()} s)`)
  }, 1000)
  const code = await new Promise((resolve, reject) => {
    npm.once('error', (cause) => reject(new Unstartable(`npm could not be started: ${cause.message}`)))
    npm.once('close', resolve)
  }).finally(() => clearInterval(progress))
  if (code !== 0) throw new Unstartable(explainFailure(watch))
  console.log(`Installed in ${seconds()} s.`)
}

/** Runs the npm that started this process, or the npm on the PATH. */
function startNpm(watch) {
  const starter = process.env.npm_execpath
  const isNpm = starter !== undefined && basename(starter).startsWith('npm-cli.')
  const [command, ...before] = isNpm ? [process.execPath, starter] : ['npm']
  const args = [
    'ci',
    // Overrides NODE_ENV and the user's settings, because the development packages include Node itself and the packages for the
    // web pages.
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=http',
  ]
  const npm = spawn(command, [...before, ...args], {
    cwd: projectFolder,
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: process.platform === 'win32' && !isNpm,
  })
  createInterface({ input: npm.stderr }).on('line', watch.line)
  return npm
}

/** If a machine has no successful download for this long, it is offline. npm itself only gives up after minutes. */
const offlineAfterMs = 15_000

/** Follows npm's log: counts downloads, detects when all of them fail, prints and collects errors. */
function watchNpm() {
  let downloads = 0
  let errors = ''
  let failingSince
  return {
    line(text) {
      if (/^npm http fetch .* failed with /.test(text)) failingSince ??= Date.now()
      else if (/^npm http (fetch|cache) /.test(text)) {
        downloads++
        failingSince = undefined
      } else if (/^npm (error|ERR!)/.test(text)) {
        errors += `${text}\n`
        console.error(text)
      }
    },
    downloads: () => downloads,
    errors: () => errors,
    isOffline: () => failingSince !== undefined && Date.now() - failingSince > offlineAfterMs,
  }
}

const networkErrors =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b/

function explainFailure(watch) {
  const errors = watch.errors()
  if (watch.isOffline() || networkErrors.test(errors)) {
    return 'The packages could not be installed, because the npm registry could not be reached. Connect this machine to the network (or configure npm for your proxy or mirror), then try again.'
  }
  if (/\bENOSPC\b/.test(errors)) {
    return 'The packages could not be installed, because the disk is full. About 1 GB is needed.'
  }
  if (/\b(EACCES|EPERM|EROFS)\b/.test(errors)) {
    return `The packages could not be installed, because this user may not write to ${projectFolder}.`
  }
  return 'The packages could not be installed. See the npm messages above.'
}
