import { median } from '../measure/quantile.ts'

interface Timed<T> {
  readonly value: T
  readonly seconds: number
}

/**
 * CPU-seconds of this process, all threads, that some work takes, and what it gives. Work is done over and over, and the
 * median counts, which leaves most collections of garbage out.
 */
export function timedOften<T>(times: number, work: () => T): Timed<T> {
  const all = Array.from({ length: times }, () => timed(work))
  return { value: all[0]!.value, seconds: median(all.map(({ seconds }) => seconds)) }
}

function timed<T>(work: () => T): Timed<T> {
  const before = process.cpuUsage()
  const value = work()
  const { user, system } = process.cpuUsage(before)
  return { value, seconds: (user + system) / 1e6 }
}
