import type { IngestCamera } from '@takt/db'
import type { CameraId } from '@takt/domain'

/** What has to change so that what runs is what is wanted. */
export interface CameraDiff {
  readonly start: readonly IngestCamera[]
  /** Changed since they were started: stopped first, then started anew. */
  readonly restart: readonly IngestCamera[]
  readonly stop: readonly CameraId[]
}

/** Compares the cameras that Postgres lists with the revisions that run. */
export function diffCameras(
  wanted: readonly IngestCamera[],
  running: ReadonlyMap<CameraId, Pick<IngestCamera, 'revision' | 'enabled'>>,
): CameraDiff {
  const listed = new Set(wanted.map(camera => camera.id))
  const isChanged = (camera: IngestCamera): boolean => {
    const now = running.get(camera.id)
    return now !== undefined && (now.revision !== camera.revision || now.enabled !== camera.enabled)
  }
  return {
    start: wanted.filter(camera => !running.has(camera.id)),
    restart: wanted.filter(isChanged),
    stop: [...running.keys()].filter(id => !listed.has(id)),
  }
}
