/** What a scripted camera makes of a film's picture. Lengths are fractions of the camera's picture. */
export interface CameraLook {
  /** Where its centre looks, from the film's centre; how far it is turned, degrees; what it sees, over what it usually sees. */
  readonly dx: number
  readonly dy: number
  readonly degrees: number
  readonly zoom: number
  /** Of a value from 0 to 255, at x from 0 to 1. */
  readonly tone: (value: number, x: number) => number
  /** Something that lies in the picture, in the film's own colours. */
  readonly patch: {
    readonly x: number
    readonly y: number
    readonly size: number
    readonly rgb: readonly number[]
  } | null
}

export const usualLook: CameraLook = { dx: 0, dy: 0, degrees: 0, zoom: 1, tone: value => value, patch: null }

/** The camera usually sees the middle of the film: so there is something to see when it moves. */
const usualShare = 0.86

/**
 * Frames as a camera records them, `[count, size, size, RGB]`, bilinear from `[count, filmSize, filmSize, RGB]`.
 */
export function recordFrames(film: Uint8Array, filmSize: number, size: number, look: CameraLook): Uint8Array {
  const samples = samplePlan(filmSize, size, look)
  const tones = Array.from({ length: size }, (_, column) =>
    Uint8ClampedArray.from({ length: 256 }, (_, value) => look.tone(value, (column + 0.5) / size)),
  )
  const frameBytes = filmSize * filmSize * 3
  const count = film.length / frameBytes
  const out = new Uint8Array(count * size * size * 3)
  let at = 0
  for (let frame = 0; frame < count; frame++)
    for (let pixel = 0; pixel < size * size; pixel++) {
      const corner = frame * frameBytes + samples.corners[pixel]!
      const [right, down] = [samples.right[pixel]!, samples.down[pixel]!]
      const tone = tones[pixel % size]!
      const patched = samples.patched[pixel]!
      for (let channel = 0; channel < 3; channel++) {
        const here = corner + channel
        const upper = film[here]! * (1 - right) + film[here + 3]! * right
        const lower = film[here + filmSize * 3]! * (1 - right) + film[here + filmSize * 3 + 3]! * right
        const seen = patched ? look.patch!.rgb[channel]! : upper * (1 - down) + lower * down
        out[at++] = tone[Math.round(seen)]!
      }
    }
  return out
}

function samplePlan(filmSize: number, size: number, { dx, dy, degrees, zoom, patch }: CameraLook) {
  const corners = new Int32Array(size * size)
  const right = new Float32Array(size * size)
  const down = new Float32Array(size * size)
  const patched = new Uint8Array(size * size)
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
  for (let pixel = 0; pixel < size * size; pixel++) {
    const x = ((pixel % size) + 0.5) / size - 0.5
    const y = (Math.floor(pixel / size) + 0.5) / size - 0.5
    const toFilm = (fraction: number) => {
      const place = (0.5 + fraction * usualShare) * filmSize - 0.5
      return Math.min(filmSize - 1.001, Math.max(0, place))
    }
    const column = toFilm((cos * x - sin * y) * zoom + dx)
    const row = toFilm((sin * x + cos * y) * zoom + dy)
    corners[pixel] = (Math.floor(row) * filmSize + Math.floor(column)) * 3
    right[pixel] = column % 1
    down[pixel] = row % 1
    patched[pixel] = Number(
      patch !== null && Math.abs(x + 0.5 - patch.x) < patch.size / 2 && Math.abs(y + 0.5 - patch.y) < patch.size / 2,
    )
  }
  return { corners, right, down, patched }
}
