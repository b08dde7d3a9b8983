import pg from 'pg'

/** The plant whose timings are read: months are whole, so that partitions are full. */
export const seeded = {
  stations: 20,
  steps: 6,
  from: new Date('2025-10-01T00:00:00Z'),
  months: 12,
  to: new Date('2026-10-01T00:00:00Z'),
} as const

/** Stations with a process of six tasks, an encoder, and a release each. */
const plantSql = `
with
  process as (insert into process (name) values ('assembly') returning id),
  version as (insert into process_version (process_id, version, valid_from) select id, 1, $2::timestamptz from process returning id),
  steps as (
    insert into step (process_version_id, level, name, external_id, position, opens_cycle)
    select version.id, 'task', 'step ' || n, 'OP' || n * 10, n, n = 1 from version, generate_series(1, $3::int) n),
  encoder as (insert into encoder (name, method, spec, weights_key, serving) values ('bench', 'untrained', '{}', 'none', false) returning id),
  stations as (
    insert into station (name, line, process_id) select 'station ' || n, 'line 1', process.id from process, generate_series(1, $1::int) n returning id),
  heads as (
    insert into head (station_id, encoder_id, process_version_id, state)
    select stations.id, encoder.id, version.id, 'ready' from stations, encoder, version returning id, station_id, encoder_id),
  releases as (
    insert into release (station_id, encoder_id, head_id, effective_at)
    select station_id, encoder_id, id, $2::timestamptz from heads returning id, station_id)
insert into run (station_id, release_id, from_slot) select station_id, id, 0 from releases`

/**
 * One month of every station: steps follow each other every `$3` ms, last three quarters to all of that, and make
 * cycles of six. Rows are written in the order of time, as a plant writes them.
 */
const monthSql = `
with
  plant as (
    select run.id as run, run.release_id, run.station_id, row_number() over (order by run.id) - 1 as nth
    from run),
  step_of as (select id, position from step),
  ticks as (
    select n, n / $4 as cycle, n % $4 + 1 as position from generate_series($1::bigint, $2::bigint - 1) n)
insert into interval_current (anchor_at, station_id, run_id, ordinal, release_id, step_id, cycle_id, starts_at, ends_at,
  duration_ms, duration_source, duration_sd_ms, start_sd_ms, end_sd_ms, absolute_error_ms, confidence)
select starts_at, station_id, run, n, release_id, step_of.id, md5(station_id::text || cycle)::uuid, starts_at,
  starts_at + lasts_ms * interval '1 ms', lasts_ms, 'media', 90, 60, 65, 40, 0.9 + (n % 100) * 0.001
from ticks
join step_of using (position)
cross join plant
cross join lateral (
  select $5::timestamptz + (n * $3::float8 + nth * 37) * interval '1 ms' as starts_at,
    (($3::float8 * (75 + (n * 7 + nth) % 25)) / 100)::int as lasts_ms) as times
order by n`

/** Fills an empty schema with about `intervals` timings of a year, spread evenly; months are written two at a time. */
export async function seedPlant(
  url: string,
  {
    intervals,
    onMonth,
    signal,
  }: { readonly intervals: number; readonly onMonth: (month: number) => void; readonly signal: AbortSignal },
): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 2 })
  try {
    await pool.query('select ensure_month_partitions($1, $2)', [seeded.from, seeded.to])
    await pool.query(plantSql, [seeded.stations, seeded.from, seeded.steps])
    const perStation = Math.ceil(intervals / seeded.stations)
    const everyMs = (seeded.to.getTime() - seeded.from.getTime()) / perStation
    const months = Array.from({ length: seeded.months }, (_, month) => month)
    const write = async () => {
      for (let month = months.shift(); month !== undefined; month = months.shift()) {
        signal.throwIfAborted()
        const [first, end] = [month, month + 1].map(edge => Math.round((edge * perStation) / seeded.months))
        await pool.query(monthSql, [first, end, everyMs, seeded.steps, seeded.from])
        onMonth(month)
      }
    }
    await Promise.all([write(), write()])
    // As autovacuum would have left it: statistics and the visibility map.
    await pool.query('vacuum (analyze)')
  } finally {
    await pool.end()
  }
}

export async function seededStations(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ id: string }>('select id from station order by id')
    return rows.map(row => row.id)
  } finally {
    await client.end()
  }
}
