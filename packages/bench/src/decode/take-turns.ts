import { median } from '../measure/quantile.ts'
import { significant } from '../measure/round.ts'

/** One call of ours, and the rival's CPU-seconds for the same; each also says what it found. */
export interface Turn<Result> {
  readonly ours: () => Result
  readonly rival: () => Promise<{ readonly seconds: number; readonly result: Result }>
  readonly agree: (ours: Result, rival: Result) => boolean
}

/** Calls until the compiler has seen what is hot. */
const warmUps = 5

/**
 * Both in turn, a round after another, after some that warm up; the ratio is the median of the rounds' own. CPU counts
 * and not the clock: both sides compute on one thread, and other work on the machine stretches the longer one's time.
 */
export async function takeTurns<Result>({ ours, rival, agree }: Turn<Result>, rounds: number) {
  const seconds: { ours: number; rival: number }[] = []
  let equal = true
  for (let round = -warmUps; round < rounds; round++) {
    const before = process.cpuUsage()
    const own = ours()
    const { user, system } = process.cpuUsage(before)
    const ownSeconds = (user + system) / 1e6
    const other = await rival()
    equal &&= agree(own, other.result)
    if (round >= 0) seconds.push({ ours: ownSeconds, rival: other.seconds })
  }
  return {
    timesAsFast: significant(median(seconds.map(round => round.rival / round.ours))),
    equal,
    cpuMilliseconds: significant(1000 * median(seconds.map(round => round.ours))),
    rivalCpuMilliseconds: significant(1000 * median(seconds.map(round => round.rival))),
  }
}
