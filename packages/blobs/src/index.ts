/** The one package that talks to object stores. */

export { assertBlobKey } from './blob-key.ts'
export type {
  BlobBody,
  BlobEntry,
  BlobRange,
  BlobStat,
  BlobStore,
  BlobStream,
  PutOptions,
  PutOutcome,
} from './blob-store.ts'
export { createBucket } from './create-bucket.ts'
export { blobError } from './errors.ts'
export { blobKeys } from './keys.ts'
export type { BlobCredentials } from './open-blob-store.ts'
export { openBlobStore } from './open-blob-store.ts'
