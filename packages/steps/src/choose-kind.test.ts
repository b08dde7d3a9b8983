import { expect, it } from 'vitest'
import { bestEvidenceWeight, chooseKind, type TriedKind } from './choose-kind.ts'
import type { CrossValidation } from './cross-validate.ts'

const scores = (percent: number): CrossValidation => ({
  cycles: 3,
  folds: 3,
  frameAccuracy: percent,
  edit: percent,
  f1At50: percent,
  medianBoundarySeconds: null,
  p95BoundarySeconds: null,
  meanDurationErrorSeconds: null,
})
const tried = (kind: TriedKind['kind'], percent: number): TriedKind => {
  return { kind, evidenceWeight: 1, crossValidation: scores(percent) }
}

it('takes the kind that finds most, and says what each found', () => {
  const chosen = chooseKind([tried('linear', 70), tried('temporal', 90), tried('both', 80)])
  expect(chosen.kind).toBe('temporal')
  expect(chosen.because).toContain('linear 70.0, temporal 90.0, both 80.0')
})

it('takes the simpler kind where cycles cannot tell', () => {
  expect(chooseKind([tried('linear', 90), tried('temporal', 90.9), tried('both', 90.5)]).kind).toBe('linear')
  expect(chooseKind([tried('linear', 90), tried('temporal', 92), tried('both', 92.5)]).kind).toBe('temporal')
})

it('takes the evidence weight that finds most, and the first where it makes no difference', async () => {
  const judge = async (weight: number) => ({ crossValidation: scores(weight === 3 ? 80 : 70), heldOut: [] })
  const shares: number[] = []
  const best = await bestEvidenceWeight([2, 3, 4], judge, share => shares.push(share))
  expect(best.evidenceWeight).toBe(3)
  expect(shares).toEqual([1 / 3, 2 / 3, 1])
  const same = async () => ({ crossValidation: scores(50), heldOut: [] })
  expect((await bestEvidenceWeight([2, 3], same, () => {})).evidenceWeight).toBe(2)
})
