import type { Database } from '@takt/db'
import { Prisma } from '@takt/db'
import { apiError } from '../../errors.ts'
import { referenced } from '../../http/database-refusals.ts'
import type { ViewRevisionDraft } from './station-document.ts'

/**
 * Gives a station's view its next revision, making the view if the station has none of that name.
 * A draft that says what is in force already adds nothing. Returns whether the view is new.
 */
export async function reviseView(
  db: Database,
  {
    station,
    view: name,
    draft,
    now,
  }: { readonly station: string; readonly view: string; readonly draft: ViewRevisionDraft; readonly now: Date },
): Promise<{ readonly created: boolean }> {
  return db.prisma.$transaction(async tx => {
    const camera = await tx.camera.findUnique({ where: { id: draft.cameraId }, select: { removedAt: true } })
    const { removedAt } = referenced(camera, { what: 'camera', id: draft.cameraId, at: 'cameraId' })
    if (removedAt) throw apiError('camera-removed', { camera: draft.cameraId, removedAt: removedAt.toISOString() })
    // The station's row is locked, so that two writers of one view come one after the other.
    await tx.$queryRaw`select 1 from station where id = ${station}::uuid for update`
    const { required, position } = draft
    if (!required) {
      const waitedFor = await tx.view.count({ where: { stationId: station, required: true, NOT: { name } } })
      if (waitedFor === 0) throw apiError('view-must-be-required', { view: name })
    }
    const there = await tx.view.findUnique({ where: { stationId_name: { stationId: station, name } } })
    const view = there ?? (await tx.view.create({ data: { stationId: station, name, required, position } }))
    if (view.required !== required || view.position !== position)
      await tx.view.update({ where: { id: view.id }, data: { required, position } })
    const current = await tx.viewRevision.findFirst({
      where: { viewId: view.id },
      orderBy: [{ validFrom: 'desc' }, { id: 'desc' }],
    })
    if (current && saysTheSame(current, draft)) return { created: false }
    const validFrom = draft.validFrom ?? now
    if (current && validFrom <= current.validFrom)
      throw apiError('view-out-of-order', {
        view: name,
        validFrom: validFrom.toISOString(),
        current: current.validFrom.toISOString(),
      })
    await tx.viewRevision.create({
      data: {
        viewId: view.id,
        cameraId: draft.cameraId,
        crop: draft.crop ?? Prisma.DbNull,
        masks: draft.masks,
        offsetMs: draft.offsetMs,
        validFrom,
      },
    })
    return { created: there === null }
  })
}

interface CurrentRevision {
  readonly cameraId: string
  readonly crop: unknown
  readonly masks: unknown
  readonly offsetMs: number
}

const saysTheSame = (current: CurrentRevision, draft: ViewRevisionDraft): boolean =>
  current.cameraId === draft.cameraId &&
  current.offsetMs === draft.offsetMs &&
  sameJson(current.crop, draft.crop) &&
  sameJson(current.masks, draft.masks)

/** jsonb does not keep the order of keys. */
const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
