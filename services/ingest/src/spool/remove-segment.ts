import { rm } from 'node:fs/promises'
import { sidecarOf } from './spool-layout.ts'

/** Removes a segment and its description, the description last: a file without one would be taken for an undescribed segment. */
export async function removeSegment(path: string): Promise<void> {
  await rm(path, { force: true })
  await rm(sidecarOf(path), { force: true })
}
