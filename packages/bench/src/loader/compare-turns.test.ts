import { expect, test } from 'vitest'
import { compareTurns, type Turn } from './compare-turns.ts'

const turn = (seconds: number, cpuSeconds: number, waitedSeconds = 0): Turn => ({
  ...{ steps: 8, seconds, cpuSeconds, waitedSeconds },
  decoderCpuSeconds: waitedSeconds / 2,
})

test('ratios are taken within a round, so that a slow moment of the machine slows both rivals', () => {
  const rounds = [1, 10, 2].map(slowness => ({
    resident: [turn(4 * slowness, 8 * slowness)],
    pool: [turn(5 * slowness, 10 * slowness, slowness)],
  }))
  expect(compareTurns(rounds)).toEqual({
    ratioToResident: 0.8,
    cpuRatioToResident: 0.8,
    decoderCpuShare: 0.05,
    stepsPerSecond: 0.8,
    residentStepsPerSecond: 1,
    waitedShare: 0.2,
  })
})

test('a turn that decodes weighs on all turns of its round', () => {
  const round = { resident: [turn(4, 8), turn(4, 8)], pool: [turn(4, 8), turn(6, 12, 2)] }
  expect(compareTurns([round])).toMatchObject({ ratioToResident: 0.8, cpuRatioToResident: 0.8, waitedShare: 0.2 })
})

test('one round that something disturbed does not count', () => {
  const sound = { resident: [turn(4, 8)], pool: [turn(4, 8)] }
  const disturbed = { resident: [turn(4, 8)], pool: [turn(40, 8, 30)] }
  expect(compareTurns([sound, disturbed, sound])).toMatchObject({ ratioToResident: 1, waitedShare: 0 })
})
