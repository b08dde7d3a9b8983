/**
 * A 32-bit hash of integers: MurmurHash3's finaliser (Appleby), once over each of them.
 *
 * What is drawn from a hash of its own number needs no draws before it: a run can be resumed anywhere.
 */
export function hash(...integers: readonly number[]): number {
  let h = 0
  for (const integer of integers) {
    h = (h ^ integer) + 0x9e3779b9
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
    h ^= h >>> 16
  }
  return h >>> 0
}

/** Four would do for large numbers; on a dozen places they favour some by a quarter. */
const ROUNDS = 8

/**
 * Where `index` of `[0, count)` goes in the permutation that `key` names; each is found without the others.
 *
 * A Feistel network permutes the next power of four above `count`; a value past `count` is permuted again until one
 * falls below, which keeps it a permutation (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002).
 */
export function permuted(index: number, count: number, key: number): number {
  const halfBits = Math.max(1, Math.ceil(Math.log2(count) / 2))
  const mask = 2 ** halfBits - 1
  let value = index
  do {
    let [left, right] = [value >>> halfBits, value & mask]
    for (let round = 0; round < ROUNDS; round++) [left, right] = [right, left ^ (hash(key, round, right) & mask)]
    value = ((left << halfBits) | right) >>> 0
  } while (value >= count)
  return value
}
