import type { Database } from '@takt/db'
import type { WorkFound } from '@takt/db/discoveries'
import { parseProcess } from '@takt/domain'
import { apiError } from '../../errors.ts'
import { refuseTakenName } from '../../http/database-refusals.ts'
import type { CheckedRange } from '../labels/check-labels.ts'
import { findSource, type LabelSource, stepNamesOf } from '../labels/label-source.ts'
import { storeLabels } from '../labels/store-labels.ts'
import { addVersion } from '../processes/add-version.ts'
import { type NamedTask, namedCycles, namedTasks } from './named-labels.ts'

export interface Naming {
  readonly station: string
  readonly startsAt: Date
  readonly work: WorkFound
  /** By discovered step. */
  readonly names: ReadonlyMap<number, string>
  readonly author: string
}

/**
 * Writes the discovered cycles of a station as labels under the names given. A station without a process gets one of the
 * named steps, in force from the window's start on; one that has a process must know the names (`steps-unknown`).
 * Naming twice equals naming once. Throws what storing labels throws.
 */
export async function nameSteps(db: Database, { station, startsAt, work, names, author }: Naming) {
  const source = (await findSource(db, station)) as LabelSource
  const cycles = namedCycles(work, names)
  const named = namedTasks(cycles, names)
  const processId = await processOf(db, station)
  if (processId !== null) await refuseUnknown(db, source, named)
  const process = processId ?? (await addProcess(db, { station, name: source.name, tasks: named, startsAt }))
  const at = (seconds: number) => startsAt.getTime() + Math.round(seconds * 1000)
  const ranges = cycles.map(
    (cycle): CheckedRange => ({
      source,
      clock: 'utc',
      startMs: at(cycle.startSeconds),
      endMs: at(cycle.endSeconds),
      labels: cycle.labels.map(({ step, startSeconds, endSeconds }) => ({
        step,
        startMs: at(startSeconds),
        endMs: at(endSeconds),
      })),
    }),
  )
  const stored = await storeLabels(db, ranges, author)
  return {
    processId: process,
    processAdded: processId === null,
    rangeIds: stored.map(({ id }) => id),
    labels: ranges.reduce((sum, { labels }) => sum + labels.length, 0),
  }
}

async function processOf(db: Database, station: string): Promise<string | null> {
  const row = await db.prisma.station.findUniqueOrThrow({ where: { id: station }, select: { processId: true } })
  return row.processId
}

async function refuseUnknown(db: Database, source: LabelSource, tasks: readonly NamedTask[]): Promise<void> {
  const known = (await stepNamesOf(db, source)) ?? new Set<string>()
  const unknown = tasks.map(({ name }) => name).filter(name => !known.has(name))
  if (unknown.length > 0) throw apiError('steps-unknown', { source: source.name, unknown, known: [...known] })
}

interface FirstProcess {
  readonly station: string
  readonly name: string
  readonly tasks: readonly NamedTask[]
  readonly startsAt: Date
}

/** The station's first process, named like it. */
function addProcess(db: Database, { station, name, tasks, startsAt }: FirstProcess): Promise<string> {
  const tree = parseProcess({ name, children: tasks })
  return refuseTakenName('process', name, () =>
    db.prisma.$transaction(async tx => {
      const { id } = await tx.process.create({ data: { name }, select: { id: true } })
      await addVersion(tx, { process: id, tree, validFrom: startsAt })
      await tx.station.update({ where: { id: station }, data: { processId: id } })
      return id
    }),
  )
}
