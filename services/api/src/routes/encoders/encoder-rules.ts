import type { Database } from '@takt/db'
import { apiError } from '../../errors.ts'
import { referenced } from '../../http/database-refusals.ts'

export interface EncoderChoice {
  /** What a client named, and in which field. */
  readonly named: { readonly id: string; readonly at: string } | undefined
  /** Whose encoder is meant where none is named; empty: every station's. */
  readonly stations: readonly string[]
  readonly at: Date
}

/**
 * The encoder that is named; else the one that times the stations; else, where none is timed yet, the plant's default.
 * Stations that are timed under several encoders are refused: which one is meant has to be said.
 */
export async function encoderFor(db: Database, { named, stations, at }: EncoderChoice): Promise<string> {
  if (named) {
    const encoder = await db.prisma.encoder.findUnique({ where: { id: named.id }, select: { id: true } })
    return referenced(encoder, { what: 'encoder', id: named.id, at: named.at }).id
  }
  const inForce = await db.prisma.release.findMany({
    where: { effectiveAt: { lte: at }, ...(stations.length > 0 && { stationId: { in: [...stations] } }) },
    orderBy: [{ effectiveAt: 'desc' }, { id: 'desc' }],
    distinct: ['stationId'],
    select: { encoderId: true },
  })
  const encoders = [...new Set(inForce.map(release => release.encoderId))]
  if (encoders.length > 1) throw apiError('encoder-ambiguous', { encoders })
  return encoders[0] ?? servingEncoder(db)
}

/** Throws `encoder-not-trainable` of imported weights: methods know how to train Takt's own architecture. */
export async function requireTrainable(db: Database, id: string): Promise<void> {
  const { spec } = await db.prisma.encoder.findUniqueOrThrow({ where: { id }, select: { spec: true } })
  const { architecture } = spec as { readonly architecture?: string }
  if (architecture === 'foundation-vit') throw apiError('encoder-not-trainable', { encoder: id })
}

async function servingEncoder(db: Database): Promise<string> {
  const serving = await db.prisma.encoder.findFirst({ where: { serving: true }, orderBy: { createdAt: 'desc' } })
  if (!serving) throw apiError('encoder-missing')
  return serving.id
}
