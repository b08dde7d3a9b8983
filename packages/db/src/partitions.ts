import type { Database } from './open-database.ts'

/**
 * Makes the monthly partitions from last month to 13 months ahead, where they are missing; returns the last month's day.
 * Timings of a month without one land in the default partition, and are only slower to find.
 */
export async function ensureMonthPartitions({ pool }: Pick<Database, 'pool'>, nowMs: number): Promise<string> {
  const now = new Date(nowMs)
  const { rows } = await pool.query<{ through: string }>(
    `with wanted as (select $1::timestamptz - interval '1 month' as first, $1::timestamptz + interval '13 months' as last),
          made as materialized (select ensure_month_partitions(first, last) from wanted)
     select to_char(last, 'YYYY-MM') as through from wanted, made`,
    [now.toISOString()],
  )
  return rows[0]!.through
}
