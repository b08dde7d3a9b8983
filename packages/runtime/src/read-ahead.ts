/**
 * The items of `source`, fetched ahead of their use: at most `ahead` wait here, and then the source waits too.
 * An error of the source comes in its place among the items; the source is ended when the reader leaves.
 */
export async function* readAhead<T>(source: AsyncIterable<T>, ahead: number): AsyncGenerator<T, void, undefined> {
  const iterator = source[Symbol.asyncIterator]()
  const waiting: Promise<IteratorResult<T>>[] = []
  let left = false
  const fetchUpTo = (count: number): void => {
    while (waiting.length < count) {
      // One after the other: a source need not bear two calls at once.
      const before = waiting.at(-1) ?? Promise.resolve()
      const next = before.then(() => (left ? { done: true as const, value: undefined } : iterator.next()))
      next.catch(() => {})
      waiting.push(next)
    }
  }
  try {
    for (;;) {
      fetchUpTo(Math.max(ahead, 1))
      const result = await waiting[0]!
      waiting.shift()
      if (result.done) return
      fetchUpTo(ahead)
      yield result.value
    }
  } finally {
    left = true
    await Promise.allSettled(waiting)
    await iterator.return?.()
  }
}
