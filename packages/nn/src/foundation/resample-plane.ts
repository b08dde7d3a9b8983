/** How values between samples come about. */
export interface Resampling {
  readonly from: number
  readonly to: number
  /** When there are fewer samples afterwards, each is a mean over all that it stands for. */
  readonly antialias: boolean
}

/**
 * Bicubic interpolation of a square plane, rows [from², dim] → [to², dim], corners not aligned: Keys, 1981, with
 * a = −3/4; with antialiasing a = −1/2 and a kernel as wide as a new sample. These are PyTorch's two ways.
 */
export function resamplePlane(
  rows: ArrayLike<number>,
  { from, to, antialias, dim }: Resampling & { readonly dim: number },
): Float32Array<ArrayBuffer> {
  const weights = antialias ? antialiasedWeights({ from, to }) : cubicWeights({ from, to })
  const narrowed = new Float64Array(from * to * dim)
  for (let y = 0; y < from; y++) {
    for (const [x, taps] of weights.entries()) {
      for (const [at, weight] of taps)
        for (let d = 0; d < dim; d++) narrowed[(y * to + x) * dim + d]! += weight * rows[(y * from + at) * dim + d]!
    }
  }
  const result = new Float64Array(to * to * dim)
  for (const [y, taps] of weights.entries()) {
    for (const [at, weight] of taps)
      for (let i = 0; i < to * dim; i++) result[y * to * dim + i]! += weight * narrowed[at * to * dim + i]!
  }
  return Float32Array.from(result)
}

/** Of each new sample, the old ones that it is made of and their weights, which sum to 1. */
type Taps = readonly (readonly [at: number, weight: number])[]

function cubicWeights({ from, to }: Omit<Resampling, 'antialias'>): readonly Taps[] {
  return Array.from({ length: to }, (_, i) => {
    const centre = ((i + 0.5) * from) / to - 0.5
    const first = Math.floor(centre) - 1
    // What lies outside is the border's sample again.
    return [0, 1, 2, 3].map(tap => {
      const at = first + tap
      return [Math.min(from - 1, Math.max(0, at)), cubic(at - centre, -0.75)] as const
    })
  })
}

function antialiasedWeights({ from, to }: Omit<Resampling, 'antialias'>): readonly Taps[] {
  const scale = Math.max(1, from / to)
  return Array.from({ length: to }, (_, i) => {
    const centre = ((i + 0.5) * from) / to
    const first = Math.max(0, Math.trunc(centre - 2 * scale + 0.5))
    const end = Math.min(from, Math.trunc(centre + 2 * scale + 0.5))
    const taps = Array.from({ length: end - first }, (_, tap) => {
      const at = first + tap
      return [at, cubic((at + 0.5 - centre) / scale, -0.5)] as const
    })
    const sum = taps.reduce((sum, [, weight]) => sum + weight, 0)
    return taps.map(([at, weight]) => [at, weight / sum] as const)
  })
}

/** Keys' kernel: 1 at 0, 0 at every other integer. */
function cubic(distance: number, a: number): number {
  const x = Math.abs(distance)
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
}
