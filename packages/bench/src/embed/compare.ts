import { median } from '../measure/quantile.ts'
import { significant } from '../measure/round.ts'
import type { WorkerCpu } from './worker-path.ts'

/** CPU-seconds of one round over the same video; `session` by batch. */
export interface EmbedRound {
  readonly decode: number
  readonly session: Readonly<Record<string, number>>
  readonly worker: WorkerCpu
}

/**
 * CPU-milliseconds per second of video, medians over rounds. `ratio` is (decode + session) / worker, the median of the
 * rounds' own, with the cheapest batch as bare session.
 */
export function compareEmbedding(rounds: readonly EmbedRound[], videoSeconds: number) {
  const perVideoSecond = (cpuSeconds: (round: EmbedRound) => number): number =>
    significant((median(rounds.map(cpuSeconds)) / videoSeconds) * 1000)
  const cheapest = (round: EmbedRound) => Math.min(...Object.values(round.session))
  const batches = Object.keys(rounds[0]!.session)
  return {
    ratio: significant(median(rounds.map(round => (round.decode + cheapest(round)) / round.worker.worker.total))),
    cpuMsPerVideoSecond: {
      bareDecode: perVideoSecond(round => round.decode),
      bareSession: perVideoSecond(cheapest),
      bareSessionByBatch: Object.fromEntries(
        batches.map(batch => [batch, perVideoSecond(round => round.session[batch]!)]),
      ),
      worker: perVideoSecond(round => round.worker.worker.total),
      workerNode: perVideoSecond(round => round.worker.worker.own),
      workerFfmpeg: perVideoSecond(round => round.worker.worker.reaped),
      workerRuntime: perVideoSecond(round => round.worker.worker.living),
      postgresAndRedis: perVideoSecond(round => round.worker.servers),
    },
    videoSecondsPerSecond: significant(videoSeconds / median(rounds.map(round => round.worker.wallSeconds))),
  }
}
