import { describe, expect, it, vi } from 'vitest'
import { accuracyOf, trainingSequences } from '../../test/sequence-fit.ts'
import { stamped } from '../../test/synthetic-sequences.ts'

// Training in a child process takes seconds, and longer on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

describe('a sequence head finds the steps of other sequences', () => {
  it('from whole labels', async () => {
    expect(await accuracyOf({})).toBeGreaterThan(0.9)
  })

  it('from one labelled time step a step', async () => {
    expect(await accuracyOf({ sequences: stamped(trainingSequences, 3) })).toBeGreaterThan(0.85)
  })

  it('from both mixed, better than from the whole ones alone', async () => {
    const whole = trainingSequences.slice(0, 2)
    const mixed = [...whole, ...stamped(trainingSequences.slice(2), 3)]
    const alone = await accuracyOf({ sequences: whole })
    expect(await accuracyOf({ sequences: mixed })).toBeGreaterThan(Math.max(0.85, alone))
  })
})
