/** An encoder in one of its forms, one clip at a time on one thread. */
export interface Contender {
  /** Clips [count, frames, size, size, RGB] as features [count · times · cells, dim], and what that took. */
  readonly embed: (clips: Uint8Array) => Promise<Embedded>
}

export interface Embedded {
  readonly features: Float32Array
  readonly cpuSeconds: number
}
