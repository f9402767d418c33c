import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { waitFor } from './wait.ts'

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

export type CommandOptions = {
  /** Added to the variables that a process needs to run. The developer's own settings are not passed on. */
  env?: Record<string, string>
  /** The text that the command reads from standard input. */
  input?: string | Buffer
  cwd?: string
}

/** A running command. */
export type RunningCommand = {
  process: ChildProcess
  /** The output so far, on both streams. */
  output: () => string
  stdout: () => string
  /** Waits for a line that matches, after the lines from earlier calls. */
  says: (pattern: RegExp) => Promise<string>
  /** Sends the signal, and returns how the command ended: an exit code, or the name of a signal. */
  end: (signal?: NodeJS.Signals) => Promise<number | string | null>
  /** Resolves when the command ends by itself, with its exit code or signal. */
  ended: Promise<number | string | null>
}

/** Starts `bookbell ARGS` in its own process. */
export function startCommand(args: string[], options: CommandOptions = {}): RunningCommand {
  return startProgram(process.execPath, [program, ...args], options)
}

/** Starts a command line from the documentation, `node bin/bookbell.mjs …`, in a shell. */
export function startLine(line: string, options: CommandOptions = {}): RunningCommand {
  const own = line.replace(/^node bin\/bookbell\.mjs /, 'exec "$0" "$1" ')
  return startProgram('sh', ['-c', own, process.execPath, program], options)
}

function startProgram(file: string, args: string[], { env = {}, input, cwd }: CommandOptions): RunningCommand {
  const { PATH, HOME, TMPDIR, TZ } = process.env
  const base = Object.fromEntries(Object.entries({ PATH, HOME, TMPDIR, TZ }).filter(([, value]) => value !== undefined))
  const child = spawn(file, args, {
    env: { ...base, ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(cwd ? { cwd } : {}),
  })
  child.stdin?.end(input)
  let all = ''
  let out = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    all += text
    out += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    all += text
  })
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal)
  let read = 0
  return {
    process: child,
    output: () => all,
    stdout: () => out,
    ended,
    async says(pattern) {
      const look = () => pattern.exec(all.slice(read))
      const found = await waitFor(look, { what: `the line ${pattern}`, withinMs: 60_000 }).catch((error) => {
        throw new Error(`${error.message}; it said:\n${all}`)
      })
      read += found.index + found[0].length
      return found[0]
    },
    async end(signal = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
  }
}

/** Runs `bookbell ARGS` until it exits. */
export async function runCommand(args: string[], options: CommandOptions = {}) {
  const command = startCommand(args, options)
  const code = await command.ended
  return { code, output: command.output(), stdout: command.stdout() }
}
