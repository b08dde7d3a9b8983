/** A stretch of time, seconds from the start of a discovery's window. */
export interface WorkSpan {
  readonly startSeconds: number
  readonly endSeconds: number
}

export interface WorkCycle extends WorkSpan {
  readonly whole: boolean
  readonly certainty: number
  readonly steps: readonly (WorkSpan & { readonly step: number })[]
}

/** What was found, as the row keeps it; steps count from 1. */
export interface WorkFound {
  readonly found: true
  readonly periodSeconds: number
  readonly startBecause: string
  readonly stepCount: number
  readonly cycles: readonly WorkCycle[]
  readonly evidence: Readonly<Record<string, number>>
}

/** What a discovery says of its window. */
export type StoredWork =
  | WorkFound
  | { readonly found: false; readonly reason: string; readonly evidence: Readonly<Record<string, number>> | null }
