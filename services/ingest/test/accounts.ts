import type { Database } from '@takt/db'
import type { CoverageEntry } from '@takt/domain'

/** A camera's chain of coverage, in order. */
export async function chainOf(db: Database, camera: string): Promise<readonly CoverageEntry[]> {
  const rows = await db.prisma.coverage.findMany({ where: { cameraId: camera }, orderBy: { startsAt: 'asc' } })
  return rows.map(row => ({
    camera,
    startUtcMs: row.startsAt.getTime(),
    endUtcMs: row.endsAt.getTime(),
    state: row.state as CoverageEntry['state'],
    reason: row.reason as CoverageEntry['reason'],
    segment: row.segmentId,
  }))
}

/** The ends and starts of neighbouring links that do not touch: none in a sound chain. */
export const seams = (chain: readonly CoverageEntry[]): readonly (readonly [number, number])[] =>
  chain
    .slice(1)
    .flatMap((link, i) =>
      link.startUtcMs === chain[i]!.endUtcMs ? [] : [[chain[i]!.endUtcMs, link.startUtcMs] as const],
    )

/** Reasons of the lost links, in order, neighbours joined. */
export const lossesOf = (chain: readonly CoverageEntry[]): readonly string[] =>
  chain.flatMap(link => link.reason ?? []).filter((reason, i, all) => reason !== all[i - 1])

export const observedCount = (chain: readonly CoverageEntry[]): number =>
  chain.filter(link => link.state === 'observed').length

/** Asks again until the answer is true. */
export async function eventually(what: string, ask: () => Promise<boolean>, withinMs = 40_000): Promise<void> {
  const giveUpAt = Date.now() + withinMs
  while (!(await ask())) {
    if (Date.now() > giveUpAt) throw new Error(`${what}: not within ${withinMs} ms`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}
