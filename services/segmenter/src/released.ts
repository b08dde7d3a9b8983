import type { BlobStore } from '@takt/blobs'
import { type Database, type ReleasedHead, releasedHead } from '@takt/db'
import type { StepHead } from '@takt/steps'
import { decodeHead } from '@takt/timeline'

/** A release that can decode. */
export interface Released extends ReleasedHead {
  readonly stepHead: StepHead
}

/** Loads releases, which never change, and keeps the last `limit` of them. */
export function createReleases(db: Database, blobs: BlobStore, limit = 64): (release: string) => Promise<Released> {
  const kept = new Map<string, Promise<Released>>()
  return id => {
    const there = kept.get(id)
    if (there) return there
    const loading = load(db, blobs, id)
    kept.set(id, loading)
    loading.catch(() => kept.delete(id))
    const oldest = kept.keys().next().value
    if (kept.size > limit && oldest !== undefined) kept.delete(oldest)
    return loading
  }
}

async function load(db: Database, blobs: BlobStore, id: string): Promise<Released> {
  const release = await releasedHead(db, id)
  return { ...release, stepHead: decodeHead(release.headKey, await blobs.get(release.headKey)) }
}
