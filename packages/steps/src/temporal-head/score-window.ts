import { affine } from '../affine.ts'
import { DILATIONS, REACH, WINDOW, type WindowNetwork } from './window-network.ts'

/** Channels of a step, or undefined where nothing was seen. */
export type SeenRow = Float32Array | undefined

/**
 * Logits `[class]` of the steps in the middle of `rows`, `REACH` rows on either side being looked at alone; undefined for
 * a step that was not seen. Each layer is worked out only where a later one looks: 57 rows for one score.
 */
export function scoreWindow(network: WindowNetwork, rows: readonly SeenRow[]): readonly (Float64Array | undefined)[] {
  const { input, layers, output } = network
  const maps = input.biases.length
  const wanted = rows.length === WINDOW ? ONE_WANTED : rowsWanted(rows.length)
  let y = new Float32Array(rows.length * maps)
  for (const [at, row] of rows.entries()) {
    if (row !== undefined && wanted[0]![at]) affine(input, { values: row, at: 0 }, { values: y, at: at * maps })
  }
  const near = new Float32Array(3 * maps)
  const hidden = new Float32Array(maps)
  for (const [layer, { dilated, pointwise }] of layers.entries()) {
    const next = new Float32Array(y.length)
    const dilation = DILATIONS[layer]!
    for (let at = dilation; at < rows.length - dilation; at++) {
      if (rows[at] === undefined || !wanted[layer + 1]![at]) continue
      for (let side = 0; side < 3; side++) {
        const from = (at + (side - 1) * dilation) * maps
        for (let j = 0; j < maps; j++) near[side * maps + j] = y[from + j]!
      }
      affine(dilated, { values: near, at: 0 }, { values: hidden, at: 0 })
      for (let j = 0; j < maps; j++) hidden[j] = Math.max(0, hidden[j]!)
      affine(pointwise, { values: hidden, at: 0 }, { values: next, at: at * maps })
      for (let j = at * maps; j < (at + 1) * maps; j++) next[j]! += y[j]!
    }
    y = next
  }
  return rows.slice(REACH, rows.length - REACH).map((row, target) => {
    if (row === undefined) return undefined
    const logits = new Float64Array(output.biases.length)
    affine(output, { values: y, at: (REACH + target) * maps }, { values: logits, at: 0 })
    return logits
  })
}

/** Which rows each layer is wanted at, `[layer, row]`: the last at its targets, each at what the next one looks at. */
function rowsWanted(length: number): readonly Uint8Array[] {
  const wanted = [new Uint8Array(length).fill(1, REACH, length - REACH)]
  for (const dilation of DILATIONS.toReversed()) {
    const later = wanted[0]!
    const earlier = later.slice()
    for (const [at, isWanted] of later.entries()) if (isWanted) earlier[at - dilation] = earlier[at + dilation] = 1
    wanted.unshift(earlier)
  }
  return wanted
}

/** Of a single score, which is what a station asks for most. */
const ONE_WANTED = rowsWanted(WINDOW)
