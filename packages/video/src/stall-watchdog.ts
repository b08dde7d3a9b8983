/** The two timer calls the watchdog needs, so that tests can move time by hand. */
export type Timers = {
  readonly setTimeout: (callback: () => void, delayMs: number) => unknown
  readonly clearTimeout: (handle: never) => void
}

type StallWatchdog = { readonly feed: () => void; readonly stop: () => void }

/** Calls `onStall` once when `feed` has not been called for `stallMs`; it starts to count at once. */
export function watchForStall(stallMs: number, onStall: () => void, timers: Timers = globalThis): StallWatchdog {
  const start = () => timers.setTimeout(onStall, stallMs)
  const clear = () => timers.clearTimeout(handle as never)
  let handle = start()
  return {
    feed() {
      clear()
      handle = start()
    },
    stop: clear,
  }
}
