/** Where models run. */
export type Provider = 'cpu' | 'cuda' | 'webgpu'

/** How often nodes of one operator ran on one execution provider, and for how long in all. */
export interface Placement {
  readonly operator: string
  /** As the native library names it: `CPUExecutionProvider`. */
  readonly provider: string
  readonly runs: number
  readonly durationMs: number
}
