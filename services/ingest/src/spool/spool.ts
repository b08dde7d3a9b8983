import { mkdir } from 'node:fs/promises'
import { sleep } from '@takt/service/loop'
import { sessionFile, spoolLayout } from './spool-layout.ts'
import type { SpoolSession } from './spooled-segment.ts'
import { writeWhole } from './write-whole.ts'

/** The local directory that holds what is not yet kept, and the account of it. */
export interface Spool {
  readonly root: string
  readonly limitBytes: number
  /** Makes a session's directory and returns its path. */
  openSession(session: SpoolSession): Promise<string>
  /** Counts a closed segment that waits to be kept. */
  take(path: string, bytes: number): void
  /** A segment has left the spool. */
  release(path: string): void
  readonly bytes: number
  readonly segments: number
  readonly isFull: boolean
  /** Resolves when a tenth of the limit is free again, or when `signal` aborts. */
  waitForRoom(signal: AbortSignal): Promise<void>
}

/** A full spool has room again once it holds no more than this share of its limit: stopping and starting cameras costs video. */
const roomShare = 0.9
const checkAgainMs = 1000

/** Opens the spool at `root`, which is made if it is missing. */
export async function openSpool({
  root,
  limitBytes,
}: {
  readonly root: string
  readonly limitBytes: number
}): Promise<Spool> {
  const layout = spoolLayout(root)
  await mkdir(layout.cameras, { recursive: true })
  const held = new Map<string, number>()
  let bytes = 0

  const release = (path: string) => {
    bytes -= held.get(path) ?? 0
    held.delete(path)
  }
  return {
    root,
    limitBytes,
    openSession: async session => {
      const directory = layout.session(session.camera, session.id)
      await mkdir(directory, { recursive: true })
      await writeWhole(sessionFile(directory), session)
      return directory
    },
    take: (path, size) => {
      release(path)
      held.set(path, size)
      bytes += size
    },
    release,
    get bytes() {
      return bytes
    },
    get segments() {
      return held.size
    },
    get isFull() {
      return bytes >= limitBytes
    },
    waitForRoom: async signal => {
      while (bytes > limitBytes * roomShare && !signal.aborted) await sleep(checkAgainMs, signal)
    },
  }
}
