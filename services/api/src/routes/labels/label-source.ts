import type { Database } from '@takt/db'
import { type LabelRow, parseRfc3339 } from '@takt/domain'

/** What labels are about. */
export interface LabelSource {
  readonly kind: 'station' | 'camera' | 'file'
  /** As it is stored: the id of a station or camera, the name of a file. */
  readonly key: string
  /** As people know it; the id where a name would be ambiguous. */
  readonly name: string
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Sources whose times are seconds are files; the others are stations or cameras. */
export const namesFile = (rows: readonly Pick<LabelRow, 'start' | 'end'>[]): boolean =>
  !rows.some(row => parseRfc3339(String(row.start)) !== null || parseRfc3339(String(row.end)) !== null)

/** The station or camera of an id or a name; a string says why there is none. */
export async function findSource(db: Database, text: string): Promise<LabelSource | string> {
  const by = uuid.test(text) ? { id: text.toLowerCase() } : { name: text }
  const select = { id: true, name: true } as const
  const [station, camera] = await Promise.all([
    db.prisma.station.findFirst({ where: by, select }),
    db.prisma.camera.findFirst({ where: by, select }),
  ])
  if (station && camera) return `"${text}" is a station and a camera: give the id of the one that is meant`
  if (!station && !camera) return `there is no station or camera "${text}"`
  const kind = station ? 'station' : 'camera'
  const { id, name } = (station ?? camera)!
  return { kind, key: id, name: await nameOf(db, { kind, key: id, name }) }
}

export const fileSource = (name: string): LabelSource => ({ kind: 'file', key: name, name })

/** The name, unless the other kind has one of the same name: then the id. */
const nameOf = async (db: Database, { kind, key, name }: LabelSource): Promise<string> => {
  const where = { where: { name }, select: { id: true } }
  const other = kind === 'station' ? await db.prisma.camera.findFirst(where) : await db.prisma.station.findFirst(where)
  return other ? key : name
}

/** The names of stored sources, for listing. */
export async function sourceNames(
  db: Database,
  keys: readonly { readonly sourceKind: string; readonly source: string }[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  for (const { sourceKind, source } of keys) {
    if (names.has(source)) continue
    const found = sourceKind === 'file' ? fileSource(source) : await findSource(db, source)
    names.set(source, typeof found === 'string' ? source : found.name)
  }
  return names
}

/**
 * The step names that labels of a source may use: those of every version of the processes worked where it looks.
 * `null`: the source is at no station, and any name may come.
 */
export async function stepNamesOf(db: Database, source: LabelSource): Promise<ReadonlySet<string> | null> {
  const stations = await stationsOf(db, source)
  if (stations.length === 0) return null
  const steps = await db.prisma.step.findMany({
    where: { version: { process: { stations: { some: { id: { in: [...stations] } } } } } },
    orderBy: [{ processVersionId: 'asc' }, { position: 'asc' }],
    select: { name: true },
  })
  return new Set(steps.map(step => step.name))
}

const stationsOf = async (db: Database, source: LabelSource): Promise<readonly string[]> => {
  if (source.kind === 'station') return [source.key]
  // A file is at no station: what it shows is only known to whoever labels it.
  if (source.kind === 'file') return []
  const views = await db.prisma.view.findMany({
    where: { revisions: { some: { cameraId: source.key } } },
    select: { stationId: true },
  })
  return [...new Set(views.map(view => view.stationId))]
}
