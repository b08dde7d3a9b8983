import { median } from '../measure/quantile.ts'
import { significant } from '../measure/round.ts'
import type { Epoch, EpochRounds } from './run-epochs.ts'

/** Ratios, medians over rounds, above 1 in our favour; null without a rival. Of the rival's last: what reading took. */
export function compareEpochs({ ours, torch }: Pick<EpochRounds, 'ours' | 'torch'>) {
  const over = (figure: 'seconds' | 'cpuSeconds') =>
    medianOrNull(torch.map((epoch, round) => epoch[figure] / ours[round]![figure]))
  const of = (epochs: readonly Epoch[], figure: keyof Epoch) => medianOrNull(epochs.map(epoch => epoch[figure]))
  return {
    ratioToTorch: over('seconds'),
    ratioToTorchWithoutItsReading: medianOrNull(
      torch.map(({ seconds, readingSeconds }, round) => (seconds - readingSeconds) / ours[round]!.seconds),
    ),
    ratioToTorchByCpu: over('cpuSeconds'),
    epochSeconds: { takt: of(ours, 'seconds'), torch: of(torch, 'seconds') },
    epochCpuSeconds: { takt: of(ours, 'cpuSeconds'), torch: of(torch, 'cpuSeconds') },
    lastLoss: {
      takt: significant(ours.at(-1)!.loss),
      torch: torch.length > 0 ? significant(torch.at(-1)!.loss) : null,
    },
  }
}

/** Most memory after a fifth of the first epoch's sequences and after all of all epochs, which should be as much. */
export function memoryOf({ ours, torch, megabytes }: Pick<EpochRounds, 'ours' | 'torch' | 'megabytes'>) {
  const epochs = ours.length + 1
  const few = Math.max(2, Math.ceil(megabytes.length / epochs / 5))
  const most = (count: number) => ({
    child: Math.max(...megabytes.slice(0, count).map(({ child }) => child)),
    own: Math.max(...megabytes.slice(0, count).map(({ own }) => own)),
  })
  const [early, late] = [most(few), most(megabytes.length)]
  return {
    peakMegabytesAfterFew: { sequences: few, training: significant(early.child), node: significant(early.own) },
    peakMegabytesAfterAll: {
      sequences: megabytes.length,
      training: significant(late.child),
      node: significant(late.own),
    },
    memoryGrowth: significant((late.child + late.own) / (early.child + early.own)),
    torchPeakMegabytes: torch.length > 0 ? significant(torch.at(-1)!.peakMegabytes) : null,
  }
}

const medianOrNull = (numbers: readonly number[]): number | null =>
  numbers.length > 0 ? significant(median(numbers)) : null
