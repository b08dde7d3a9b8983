import { type BlobStore, blobKeys } from '@takt/blobs'
import { type Database, type FitWork, fitWork, recordFitted } from '@takt/db'
import type { HeadId, UtcMs } from '@takt/domain'
import { fitHead } from '@takt/steps'
import { encodeHead, type StationReader } from '@takt/timeline'
import { workerError } from '../errors.ts'
import { labelledSequences } from './labelled-sequences.ts'

/** What a `fit` job works with. */
export interface FitContext {
  readonly db: Database
  readonly blobs: BlobStore
  readonly reader: StationReader
}

/** The class of time that is no step. */
const background = 'background'

/**
 * Fits a head to all labels of its station and stores it. Tasks that were never labelled cannot be learnt and are
 * named in the head's scores. A head that is ready already stays as it is.
 */
export async function fitStationHead(
  { db, blobs, reader }: FitContext,
  head: HeadId,
  { signal, nowMs }: { readonly signal: AbortSignal; readonly nowMs: UtcMs },
): Promise<void> {
  const work = await fitWork(db, head)
  if (work.state === 'ready') return
  const { learnt, unlabelled } = tasksOf(work)
  if (work.ranges.length === 0 || learnt.length === 0)
    throw workerError('no-labelled-video', { head, station: work.station, ranges: work.ranges.length })
  const classes = [background, ...learnt]
  const sequences = await labelledSequences(work, classes, reader, { signal, nowMs })
  const order = work.steps.filter(step => learnt.includes(step.name)).map(step => classes.indexOf(step.name))
  const { head: fitted, crossValidation } = await fitHead({
    sequences,
    classes,
    options: { processOrder: order },
    signal,
  })
  const objectKey = blobKeys.headWeights({ head })
  await blobs.put(objectKey, encodeHead(fitted))
  const labelledSeconds = work.ranges.reduce((sum, range) => sum + (range.endMs - range.startMs) / 1000, 0)
  await recordFitted(db, head, { objectKey, scores: { crossValidation, classes, unlabelled, labelledSeconds } })
}

function tasksOf({ steps, ranges, parentOf }: FitWork): { readonly learnt: string[]; readonly unlabelled: string[] } {
  const named = new Set(ranges.flatMap(range => range.labels.map(({ label }) => label)))
  const labelled = new Set([...named].map(name => parentOf.get(name) ?? name))
  const tasks = steps.filter(step => step.level === 'task').map(step => step.name)
  return {
    learnt: tasks.filter(name => labelled.has(name)),
    unlabelled: tasks.filter(name => !labelled.has(name)),
  }
}
