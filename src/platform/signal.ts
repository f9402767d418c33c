/** Wakes the one loop that waits for it. If a signal arrives while the loop is not waiting, its next wait returns immediately. */
export interface Signal {
  notify(): void
  /** Resolves at the next signal, or after `milliseconds`. */
  wait(milliseconds?: number): Promise<void>
}

export function makeSignal(): Signal {
  let notified = false
  let wake = () => {}
  return {
    notify() {
      notified = true
      wake()
    },
    wait(milliseconds) {
      return new Promise((resolve) => {
        let timer: NodeJS.Timeout | undefined
        wake = () => {
          notified = false
          wake = () => {}
          clearTimeout(timer)
          resolve()
        }
        if (notified) wake()
        else if (milliseconds !== undefined) timer = setTimeout(wake, milliseconds)
      })
    },
  }
}
