import type { FitWork } from '@takt/db'
import { labelOccurrences, labelsToSteps, mergeRanges, type Range, slotOf, slotStartMs, type UtcMs } from '@takt/domain'
import type { TrainingSequence } from '@takt/steps'
import { readSteps, type StationReader } from '@takt/timeline'
import { workerError } from '../errors.ts'
import { labelledMotions, motionsOfSlots } from './motion-labels.ts'
import { taskLabels } from './task-labels.ts'

/** Around a labelled range so much is read: the running normalisation settles before it, and looks ahead behind it. */
const beforeMs = 90_000
export const afterMs = 5_000

/** What of a station's time its labels are learnt from, surroundings included. */
export const labelledStretches = ({ ranges }: Pick<FitWork, 'ranges'>): readonly Range[] =>
  mergeRanges(ranges.map(range => ({ startUtcMs: range.startMs - beforeMs, endUtcMs: range.endMs + afterMs })))

/**
 * The labelled stretches of a station as time steps with a class each, and with a motion where one is labelled. Ranges
 * whose surroundings touch become one stretch. Throws the retryable `video-not-settled` while embeddings of a labelled range are still to come.
 */
export async function labelledSequences(
  work: FitWork,
  classes: readonly string[],
  reader: StationReader,
  { signal, nowMs }: { readonly signal: AbortSignal; readonly nowMs: UtcMs },
): Promise<TrainingSequence[]> {
  const stretches = labelledStretches(work)
  const lastLabelledMs = Math.max(...work.ranges.map(range => range.endMs))
  const sequences: TrainingSequence[] = []
  for (const stretch of stretches) {
    const fromSlot = slotOf(stretch.startUtcMs)
    const toSlot = slotOf(stretch.endUtcMs)
    const steps = await readSteps(reader, work, { fromSlot, toSlot, nowMs, signal })
    const readUntilMs = slotStartMs(fromSlot + steps.length)
    if (readUntilMs < Math.min(lastLabelledMs, stretch.endUtcMs - afterMs))
      throw workerError('video-not-settled', { head: work.head, untilMs: readUntilMs })
    const labelled = { labels: taskLabels(work), classes, fromSlot }
    const labels = labelsToSteps({ ...labelled, ranges: work.ranges, toSlot: fromSlot + steps.length })
    const motions = motionsOfSlots(work, labelledMotions(work, classes), { fromSlot, toSlot: fromSlot + steps.length })
    sequences.push({ steps, labels, occurrences: labelOccurrences(labelled), motions })
  }
  return sequences
}
