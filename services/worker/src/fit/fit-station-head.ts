import { type BlobStore, blobKeys } from '@takt/blobs'
import { type Database, type FitWork, fitWork, recordFitted } from '@takt/db'
import type { HeadId, UtcMs } from '@takt/domain'
import type { Jobs } from '@takt/jobs'
import type { StepHead, TrainingSequence } from '@takt/steps'
import { encodeHead, type StationReader } from '@takt/timeline'
import { workerError } from '../errors.ts'
import { awaitEmbedding } from './await-embedding.ts'
import { fitInThread } from './fit-in-thread.ts'
import { labelledSequences } from './labelled-sequences.ts'
import { labelledMotions } from './motion-labels.ts'
import { processOf } from './process-of.ts'

/** What a `fit` job works with. */
export interface FitContext {
  readonly db: Database
  readonly blobs: BlobStore
  readonly jobs: Pick<Jobs, 'addBulk'>
  readonly reader: StationReader
}

/** The class of time that is no step. */
const background = 'background'

/**
 * Fits a head to all labels of its station and stores it, once what it learns from is embedded under its encoder. The
 * kinds of head that were tried, and why one was chosen, are in the head's scores; so are the tasks that were never
 * labelled and cannot be learnt. A head that is ready already stays as it is. Throws `no-labelled-task`,
 * `no-labelled-video`, `video-not-embedded`, `video-not-settled`, and what reading and fitting throw.
 */
export async function fitStationHead(
  { db, blobs, jobs, reader }: FitContext,
  head: HeadId,
  { signal, nowMs }: { readonly signal: AbortSignal; readonly nowMs: UtcMs },
): Promise<void> {
  const work = await fitWork(db, head)
  if (work.state === 'ready') return
  const { learnt, unlabelled } = tasksOf(work)
  if (learnt.length === 0)
    throw workerError('no-labelled-task', { head, station: work.station, ranges: work.ranges.length })
  await awaitEmbedding({ db, jobs }, work)
  const classes = [background, ...learnt]
  const sequences = await labelledSequences(work, classes, reader, { signal, nowMs })
  refuseUnseen(head, sequences, classes)
  const options = { process: processOf(work.steps, classes) }
  const motions = labelledMotions(work, classes)
  const { head: fitted, crossValidation, chosen } = await fitInThread({ sequences, classes, motions, options }, signal)
  const objectKey = blobKeys.headWeights({ head })
  await blobs.put(objectKey, encodeHead(fitted))
  const labelledSeconds = work.ranges.reduce((sum, range) => sum + (range.endMs - range.startMs) / 1000, 0)
  const scores = { crossValidation, chosen, classes, motions: learntMotions(fitted), unlabelled, labelledSeconds }
  await recordFitted(db, head, { objectKey, scores })
}

const learntMotions = ({ motions }: StepHead): string[] =>
  (motions?.tasks ?? []).flatMap(({ parts }) => parts.filter(motion => motion !== null))

/** A label is of no use where its video is missing; the fit would say so by a number. */
function refuseUnseen(head: HeadId, sequences: readonly TrainingSequence[], classes: readonly string[]): void {
  const seen = new Set(
    sequences.flatMap(({ steps, labels }) => [...labels].filter((_, i) => steps[i]!.kind === 'observed')),
  )
  const unseen = classes.find((task, label) => task !== background && !seen.has(label))
  if (unseen !== undefined) throw workerError('no-labelled-video', { head, task: unseen })
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
