import type { Readable } from 'node:stream'

/** What is to be stored: bytes, a stream, or a file on this machine. */
export type BlobBody = Uint8Array | Readable | { readonly path: string }

export interface PutOptions {
  readonly contentType?: string
  /** Never replaces: of several writers of one key exactly one gets `written`. */
  readonly ifAbsent?: boolean
}

/** `present`: with `ifAbsent`, the key was already taken and stays as it was. */
export type PutOutcome = 'written' | 'present'

/** Bytes `[start, end)`; without `end`, to the end of the object. An `end` past the object's size is its size. */
export interface BlobRange {
  readonly start: number
  readonly end?: number
}

export interface BlobStat {
  readonly size: number
  /** Changes when the content does; opaque. */
  readonly etag: string
}

export interface BlobEntry {
  readonly key: string
  readonly size: number
}

export interface BlobStream {
  readonly body: Readable
  /** Of the whole object, bytes. */
  readonly size: number
  readonly contentType: string
}

/**
 * A store of immutable objects under keys. Every method throws designed errors only: `blob-key-refused`, `blob-not-found`,
 * `blob-store-unreachable` and `blob-store-busy` (retryable), `blob-store-denied`, `blob-bucket-missing`, …
 * A reader sees an object whole or not at all.
 */
export interface BlobStore extends AsyncDisposable {
  put(key: string, body: BlobBody, options?: PutOptions): Promise<PutOutcome>
  /** The whole object in memory. */
  get(key: string): Promise<Uint8Array>
  /** Writes the object to `path`, which appears whole or not at all. */
  download(key: string, path: string): Promise<void>
  /** Throws `blob-range-unsatisfiable` when `start` lies outside the object. */
  stream(key: string, range?: BlobRange): Promise<BlobStream>
  stat(key: string): Promise<BlobStat | null>
  /** Removing what is not there changes nothing. */
  remove(key: string): Promise<void>
  /** Every object whose key starts with `prefix`, in the order of their keys' bytes. */
  list(prefix: string): AsyncIterable<BlobEntry>
  /** Resolves when the store answers, knows the credentials and has the bucket: for `/health/ready`. */
  check(): Promise<void>
}
