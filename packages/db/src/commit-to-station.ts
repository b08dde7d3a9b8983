import type { CycleCarry, ReleaseId, RunId, SlotKey, StationId } from '@takt/domain'
import type pg from 'pg'
import { inTransaction } from './in-transaction.ts'
import type { Database } from './open-database.ts'
import { type Publication, publish } from './publish.ts'
import type { CycleRow, IntervalRow } from './timing-rows.ts'

/** What the recorder commits at once: everything that a batch of the segmenter means. */
export interface Commit {
  readonly station: StationId
  readonly run: RunId
  /** Where the cursor has to stand for this to be committed. */
  readonly from: number
  readonly next: {
    readonly run: RunId
    readonly decodedThrough: number
    readonly nextOrdinal: number
    readonly checkpoint: Uint8Array
    readonly completeThrough: number
    readonly cycleCarry: CycleCarry
  }
  /** The run that starts with this commit, when a release takes over. */
  readonly opens: { readonly run: RunId; readonly release: ReleaseId; readonly fromSlot: number } | null
  readonly intervals: readonly IntervalRow[]
  readonly cycles: readonly CycleRow[]
  readonly provisionals: readonly object[]
  /** Slots that decoding passed over. */
  readonly late: readonly SlotKey[]
}

/**
 * Commits a batch, or nothing: the cursor is moved only from where the batch starts. `stale`: somebody else was first.
 * This compare-and-swap is the only fence against stopped and woken segmenters and recorders.
 */
export async function commitToStation(db: Database, commit: Commit): Promise<'committed' | 'stale'> {
  return inTransaction(db, async sql => {
    if (commit.opens) await openRun(sql, commit.station, commit.opens)
    if (!(await moveCursor(sql, commit))) {
      // The new run's row, if any, goes with the rollback.
      throw new StaleBatch()
    }
    await passOver(sql, commit.late)
    await sql.query(
      `insert into provisional (station_id, run_id, intervals) values ($1, $2, $3)
       on conflict (station_id) do update set run_id = $2, intervals = $3, updated_at = now()`,
      [commit.station, commit.next.run, JSON.stringify(commit.provisionals)],
    )
    await publish(sql, [
      ...commit.intervals.map((row): Publication => ({ entity: 'interval', row, kind: 'final', reason: null })),
      ...commit.cycles.map((row): Publication => ({ entity: 'cycle', row, kind: 'final', reason: null })),
    ])
    return 'committed' as const
  }).catch(error => {
    if (error instanceof StaleBatch) return 'stale' as const
    throw error
  })
}

class StaleBatch extends Error {}

async function moveCursor(sql: pg.PoolClient, { station, run, from, next }: Commit): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update run_cursor set run_id = $4, decoded_through = $5, next_ordinal = $6, checkpoint = $7, complete_through = $8,
       cycle_carry = $9, updated_at = now()
     where station_id = $1 and run_id = $2 and decoded_through = $3`,
    [
      station,
      run,
      from,
      next.run,
      next.decodedThrough,
      next.nextOrdinal,
      next.checkpoint,
      next.completeThrough,
      JSON.stringify(next.cycleCarry),
    ],
  )
  return rowCount === 1
}

const openRun = (sql: pg.PoolClient, station: StationId, run: NonNullable<Commit['opens']>) =>
  sql.query(
    'insert into run (id, station_id, release_id, from_slot) values ($1, $2, $3, $4) on conflict (id) do nothing',
    [run.run, station, run.release, run.fromSlot],
  )

/** Marks slots as late. One that was embedded meanwhile has healed already: its stretch is asked to be revised. */
async function passOver(sql: pg.PoolClient, late: readonly SlotKey[]): Promise<void> {
  if (late.length === 0) return
  await sql.query(
    `with passed as (
       select e.view_revision_id, e.segment_id, e.state from embedding e
       join unnest($1::uuid[], $2::uuid[], $3::uuid[]) as p(view_revision, encoder, segment)
         on e.view_revision_id = p.view_revision and e.encoder_id = p.encoder and e.segment_id = p.segment
       for update of e
     ), marked as (
       update embedding e set state = 'late', late_at = now()
       from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as p(view_revision, encoder, segment)
       where e.view_revision_id = p.view_revision and e.encoder_id = p.encoder and e.segment_id = p.segment and e.state = 'pending'
     )
     insert into revision_request (station_id, starts_at, ends_at, reason)
     select v.station_id, s.starts_at + r.offset_ms * interval '1 ms', s.ends_at + r.offset_ms * interval '1 ms', 'healed'
     from passed join segment s on s.id = passed.segment_id
     join view_revision r on r.id = passed.view_revision_id join view v on v.id = r.view_id
     where passed.state = 'embedded'`,
    [late.map(slot => slot.view), late.map(slot => slot.encoder), late.map(slot => slot.segment)],
  )
}
