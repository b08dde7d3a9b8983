import { expect, it, vi } from 'vitest'
import { testEngine } from '../../test/sequence-engine.ts'
import { stamped, syntheticSequences } from '../../test/synthetic-sequences.ts'
import { chooseSequenceHead } from './choose-sequence-head.ts'
import type { HeadName } from './head-recipes.ts'
import { heldOutScores } from './held-out-scores.ts'
import { judgeHead } from './judge-head.ts'

// Training in a child process takes seconds, and longer on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const bench = { classes: 3, channels: 6, meanSteps: 15, noise: 1.5 } as const
const sequences = syntheticSequences({ ...bench, seed: 1, count: 4 })
const fit = {
  sequences,
  form: { channels: bench.channels, places: 1 },
  classCount: bench.classes,
  seeds: [1],
  engine: testEngine,
  recipe: { epochs: 25, leastSteps: 0 },
}
const judging = { classCount: bench.classes, ignored: [] }
const candidates: readonly HeadName[] = ['linear', 'temporal']

it('takes the head that scores best on sequences it was not fitted on, and says by how much', async () => {
  const found = await chooseSequenceHead(fit, { ...judging, candidates })
  if (!('chosen' in found)) throw new Error('nothing was chosen')
  expect(found.judged.map(({ head }) => head)).toEqual(candidates)
  expect(found.chosen.head).toBe('temporal')
  expect(found.because).toMatch(/; next linear [\d.]+$/)
})

it('takes one that needs few labels where there is one sequence', async () => {
  const found = await chooseSequenceHead({ ...fit, sequences: sequences.slice(0, 1) }, { ...judging, candidates })
  expect(found).toEqual({ head: 'temporal', because: 'one sequence: none can be held out' })
})

it('scores every sequence by a head that was fitted without it, whatever its labels', async () => {
  const over = { ...fit, head: 'linear' as const, recipe: { epochs: 2, leastSteps: 0 } }
  const [first] = await heldOutScores(over)
  const relabelled = sequences.map((sequence, index) => {
    return index === 0 ? { ...sequence, labels: sequence.labels.map(label => 2 - label) } : sequence
  })
  const [again] = await heldOutScores({ ...over, sequences: relabelled })
  expect(again!.name).toBe(first!.name)
  expect(again!.scores).toEqual(first!.scores)
})

it('has no decoder of time stamps, which show no durations', async () => {
  const heldOut = stamped(sequences, 1).map(({ name, labels }) => {
    return { name, labels, scores: Float32Array.from({ length: 3 * labels.length }, (_, at) => at % 3) }
  })
  expect(await judgeHead(heldOut, judging)).toMatchObject({ decoded: null, decoder: null })
})
