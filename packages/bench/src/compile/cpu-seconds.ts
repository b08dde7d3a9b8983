import { median } from '../measure/quantile.ts'

/** CPU-seconds of this process, all threads, that some work takes, and what it gives. */
export function timed<T>(work: () => T): { readonly value: T; readonly seconds: number } {
  const before = process.cpuUsage()
  const value = work()
  const { user, system } = process.cpuUsage(before)
  return { value, seconds: (user + system) / 1e6 }
}

/** The same of work that is done over and over because it is short; the median does not count a collection of garbage. */
export function timedOften<T>(times: number, work: () => T): { readonly value: T; readonly seconds: number } {
  const all = Array.from({ length: times }, () => timed(work))
  return { value: all[0]!.value, seconds: median(all.map(({ seconds }) => seconds)) }
}
