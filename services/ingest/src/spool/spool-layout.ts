import { join } from 'node:path'
import type { CameraId, SessionId } from '@takt/domain'

/**
 * Where things lie: `<root>/cameras/<camera>/<session>/` holds `session.json`, `clock.json`, and each segment as
 * `00000.mp4` with `00000.json` beside it; `<root>/quarantine/` holds what could not be read.
 */
export const spoolLayout = (root: string) => ({
  cameras: join(root, 'cameras'),
  camera: (camera: CameraId) => join(root, 'cameras', camera),
  session: (camera: CameraId, session: SessionId) => join(root, 'cameras', camera, session),
  quarantine: join(root, 'quarantine'),
})

export const sessionFile = (directory: string): string => join(directory, 'session.json')
export const clockFile = (directory: string): string => join(directory, 'clock.json')
/** The description beside a segment. */
export const sidecarOf = (segmentPath: string): string => segmentPath.replace(/\.mp4$/, '.json')
/** What ffmpeg names its files. */
export const segmentName = /^\d{5,}\.mp4$/
