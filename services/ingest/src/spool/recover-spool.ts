import { readdir } from 'node:fs/promises'
import type { CameraId, UtcMs } from '@takt/domain'
import type { KeepItem } from '../keep/keep-item.ts'
import { recoverSession } from './recover-session.ts'
import { spoolLayout } from './spool-layout.ts'

export interface RecoveredCamera {
  readonly camera: CameraId
  /** In the order in which they happened. */
  readonly items: readonly KeepItem[]
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Finds what an earlier run left in the spool at `root`; `startedAtMs` is when this run began. Session ids sort by time. */
export async function recoverSpool(root: string, startedAtMs: UtcMs): Promise<readonly RecoveredCamera[]> {
  const recovered: RecoveredCamera[] = []
  const layout = spoolLayout(root)
  for (const camera of await idsIn(layout.cameras)) {
    const items: KeepItem[] = []
    for (const session of await idsIn(layout.camera(camera)))
      items.push(
        ...(await recoverSession({
          camera,
          id: session,
          directory: layout.session(camera, session),
          root,
          startedAtMs,
        })),
      )
    if (items.length > 0) recovered.push({ camera, items })
  }
  return recovered
}

const idsIn = async (directory: string): Promise<readonly string[]> =>
  (await readdir(directory, { withFileTypes: true }))
    .filter(entry => entry.isDirectory() && uuid.test(entry.name))
    .map(entry => entry.name)
    .sort()
