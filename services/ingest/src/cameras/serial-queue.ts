/** Runs asynchronous steps one after the other, in the order they were added; after a failure no other step runs. */
export interface SerialQueue {
  add(step: () => Promise<void>): void
  /** Resolves when all steps are done; rejects with the first failure. */
  idle(): Promise<void>
}

export function serialQueue(): SerialQueue {
  let tail: Promise<void> = Promise.resolve()
  return {
    add: step => {
      tail = tail.then(step)
      tail.catch(() => undefined) // `idle` tells of it
    },
    idle: () => tail,
  }
}
