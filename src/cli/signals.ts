/** A signal to a whole process group (Ctrl-C, systemd) arrives again from each parent process that forwards it. */
const ECHO_MS = 1000

/** Exits with 0 when `stop` is done. A second signal makes the process exit immediately. */
export function stopOnSignal(stop: () => Promise<void>): void {
  let firstAt: number | undefined
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (firstAt !== undefined && performance.now() - firstAt < ECHO_MS) return
      if (firstAt !== undefined) process.exit(1)
      firstAt = performance.now()
      stop().then(
        () => process.exit(0),
        (error) => {
          console.error(`Bookbell did not stop cleanly: ${error.message}`)
          process.exit(1)
        },
      )
    })
  }
}
