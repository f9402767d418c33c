import type { WriteStream } from 'node:tty'

/** Prints lines for people to read and, on a terminal, a status line below them that is overwritten. */
export interface StatusConsole {
  say(line: string): void
  /** Shown only on a terminal. */
  show(status: string): void
}

const ERASE_LINE = '\r\u001b[2K'

/** Opens a console on an output stream of the process. */
export function openConsole(output: Pick<WriteStream, 'write' | 'isTTY'>): StatusConsole {
  const start = output.isTTY ? ERASE_LINE : ''
  return {
    say: (line) => void output.write(`${start}${line}\n`),
    show(status) {
      if (output.isTTY) output.write(start + status)
    },
  }
}
