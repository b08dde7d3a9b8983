import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { HiddenMarkovModel } from './hidden-markov.ts'
import { advanceFixedLag, openFixedLag } from './hmm-fixed-lag.ts'
import { hmmPath } from './hmm-path.ts'
import { hmmPosterior } from './hmm-posterior.ts'

type Golden = Readonly<Record<'initial' | 'next' | 'logEvidence' | 'classes' | 'occupancy', readonly number[]>> & {
  readonly logProbability: number
  readonly logLikelihood: number
}

const golden: Readonly<Record<string, Golden>> = JSON.parse(
  readFileSync(new URL('../../golden/hmm.json', import.meta.url), 'utf8'),
)

function modelOf({ initial, next }: Golden): HiddenMarkovModel {
  return { initial: Float64Array.from(initial), next: Float64Array.from(next) }
}

describe.each(Object.entries(golden))('a hidden Markov model that allows %s', (_, wanted) => {
  const model = modelOf(wanted)
  const logEvidence = Float64Array.from(wanted.logEvidence)

  it("has hmmlearn's path", () => {
    const { classes, logProbability } = hmmPath(model, logEvidence)
    expect([...classes]).toEqual(wanted.classes)
    expect(logProbability).toBeCloseTo(wanted.logProbability, 9)
  })

  it("has hmmlearn's posterior and likelihood", () => {
    const { occupancy, logLikelihood } = hmmPosterior(model, logEvidence)
    expect(logLikelihood).toBeCloseTo(wanted.logLikelihood, 9)
    for (const [at, value] of wanted.occupancy.entries()) expect(occupancy[at]).toBeCloseTo(value, 10)
  })

  it('knows at a fixed lag what it knows of the evidence up to then', () => {
    const lagSteps = 3
    let state = openFixedLag(lagSteps)
    for (let t = 0; t < logEvidence.length / 4; t++) {
      const step = advanceFixedLag(model, state, logEvidence.subarray(4 * t, 4 * t + 4))
      state = step.state
      const known = hmmPosterior(model, logEvidence.slice(0, 4 * t + 4)).occupancy
      for (let k = 0; k < 4; k++) {
        expect(step.filtered[k]).toBeCloseTo(known[4 * t + k]!, 10)
        if (t >= lagSteps) expect(step.smoothed![k]).toBeCloseTo(known[4 * (t - lagSteps) + k]!, 10)
        else expect(step.smoothed).toBeNull()
      }
      expect(state.filtered.length).toBeLessThanOrEqual(lagSteps + 1)
    }
  })
})

describe('a hidden Markov model', () => {
  const model = modelOf(golden.anything!)

  it('keeps its posterior a distribution over a long recording of contrary evidence', () => {
    const logEvidence = Float64Array.from({ length: 80_000 }, (_, at) => (at % 4 === Math.floor(at / 4) % 4 ? 0 : -400))
    const { occupancy } = hmmPosterior(model, logEvidence)
    for (let row = 0; row < occupancy.length; row += 4) {
      expect(Math.abs(occupancy.subarray(row, row + 4).reduce((sum, p) => sum + p, 0) - 1)).toBeLessThan(1e-9)
    }
  })

  it('has an empty path through an empty recording', () => {
    expect(hmmPath(model, new Float64Array(0))).toEqual({ classes: new Int16Array(0), logProbability: 0 })
    expect(hmmPosterior(model, new Float64Array(0)).occupancy.length).toBe(0)
  })
})
