import type { Window } from '../src/window.ts'
import { seededRandom } from './synthetic.ts'
import { tinyHead } from './tiny-head.ts'

/** Windows small enough to enumerate: with an anchor young, old beyond the explicit durations, censored, and without. */
export function randomWindows(): readonly { readonly name: string; readonly window: Window }[] {
  return [1, 2, 3, 4].flatMap(seed => {
    const head = tinyHead(seed)
    const { normal } = seededRandom(seed + 100)
    const evidence = Array.from({ length: 6 }, () => Float32Array.from({ length: 3 }, () => 2 * normal()))
    const anchors = {
      'no anchor': undefined,
      'young anchor': { classIndex: 1, elapsed: 2, law: head.fresh },
      'anchor of unknown age': { classIndex: 2, elapsed: 3, law: head.residual },
      'anchor older than the explicit durations': { classIndex: 0, elapsed: 40, law: head.fresh },
    }
    return Object.entries(anchors).map(([name, anchor]) => ({
      name: `${name}, seed ${seed}`,
      window: { head, anchor, evidence },
    }))
  })
}
