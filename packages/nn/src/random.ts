/** Draws a number of [0, 1), a multiple of 2⁻³². */
export type Random = () => number

/**
 * The stream named `stream` of a seed: Chris Doty-Humphrey's sfc32, started from an FNV-1a hash.
 * Integer arithmetic only, so that it is the same on every machine; streams do not depend on each other.
 */
export function random(seed: number, stream: string): Random {
  const hash = fnv1a(`${seed}/${stream}`)
  let [a, b, c, counter] = [hash, hash ^ 0x9e3779b9, seed | 0, 1]
  const next = () => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) * 2 ** -32
  }
  for (let i = 0; i < MIXING_DRAWS; i++) next()
  return next
}

/** Draws until every bit of the start has reached every bit of the state. */
const MIXING_DRAWS = 15

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash
}
