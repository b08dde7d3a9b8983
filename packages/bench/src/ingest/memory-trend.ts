import { significant } from '../measure/round.ts'

export interface MemorySample {
  readonly minutes: number
  readonly megabytes: number
}

/** Memory over time: first, last, largest, and the slope of the least-squares line, MB a minute. Takes two samples or more. */
export function memoryTrend(samples: readonly MemorySample[]) {
  const mean = (of: (sample: MemorySample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length
  const [minutes, megabytes] = [mean(sample => sample.minutes), mean(sample => sample.megabytes)]
  const covariance = mean(sample => (sample.minutes - minutes) * (sample.megabytes - megabytes))
  const variance = mean(sample => (sample.minutes - minutes) ** 2)
  return {
    firstMegabytes: significant(samples[0]!.megabytes),
    lastMegabytes: significant(samples.at(-1)!.megabytes),
    largestMegabytes: significant(Math.max(...samples.map(sample => sample.megabytes))),
    megabytesPerMinute: significant(covariance / variance),
  }
}
