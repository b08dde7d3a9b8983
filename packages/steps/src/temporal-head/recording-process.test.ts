import { describe, expect, it } from 'vitest'
import { recordingIntervals } from './recording-intervals.ts'
import { learnRecordingProcess, recordingModel, stateCount } from './recording-process.ts'

/** Labels from runs of [class, steps]. */
const runs = (...list: readonly (readonly [classIndex: number, steps: number])[]) =>
  Int16Array.from(list.flatMap(([classIndex, steps]) => Array<number>(steps).fill(classIndex)))

// One cycle: take, pause, place, pause, screw.
const cycle = runs([0, 6], [1, 8], [0, 4], [2, 12], [0, 4], [3, 16], [0, 5])
const process = learnRecordingProcess([cycle], 4)
const states = stateCount(4)
const chance = (from: number, to: number) => process.next[from * states + to]!

describe('what one labelled cycle says of a process', () => {
  it('is that a pause knows its step: after the pause of one comes the next, and the first after the last', () => {
    const [afterTake, afterPlace, afterScrew] = [3, 4, 5]
    expect(chance(afterTake, 1)).toBeGreaterThan(0.9)
    expect(chance(afterPlace, 2)).toBeGreaterThan(0.9)
    expect(chance(afterScrew, 0)).toBeGreaterThan(0.9)
    expect(chance(afterTake, 2)).toBeGreaterThan(0.01)
  })

  it('is a chance to each state that sums to 1, and none to follow itself', () => {
    for (let from = 0; from < states; from++) {
      let sum = 0
      for (let to = 0; to < states; to++) sum += chance(from, to)
      expect(sum).toBeCloseTo(1, 5)
      expect(chance(from, from)).toBe(0)
    }
  })

  it('makes a step of two seconds that lasts forty as good as impossible, a pause of forty only unlikely', () => {
    const { logMass, maxSteps } = recordingModel(process).fresh
    expect(logMass[0 * maxSteps + 159]! - logMass[0 * maxSteps + 7]!).toBeLessThan(-12)
    expect(logMass[3 * maxSteps + 159]! - logMass[3 * maxSteps + 3]!).toBeGreaterThan(-12)
  })

  it('is that a step is seldom followed by a pause where none of the others is', () => {
    const { next } = learnRecordingProcess([runs([1, 8], [2, 8], [3, 8], [4, 8], [1, 8], [2, 8], [3, 8], [4, 8])], 5)
    expect(next[0 * 9 + 4]).toBeLessThan(0.1)
    expect(next[0 * 9 + 1]).toBeGreaterThan(0.8)
  })

  it('holds for a process of one step, and where steps follow each other without a pause', () => {
    for (const labels of [runs([1, 4], [0, 4]), runs([1, 5], [2, 5], [1, 5])]) {
      const { next } = learnRecordingProcess([labels], Math.max(...labels) + 1)
      const count = Math.sqrt(next.length)
      for (let from = 0; from < count; from++) {
        expect(next.subarray(from * count, (from + 1) * count).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5)
      }
    }
  })
})

describe('a recording read with it', () => {
  const classes = ['background', 'take', 'place', 'screw']
  const truth = runs([0, 6], [1, 8], [0, 5], [2, 11], [0, 4], [3, 18], [0, 9], [1, 7], [0, 4], [2, 12], [0, 6])
  const unknown = new Int16Array(truth.length).fill(-1)
  /** Probabilities that are right by half, and at some steps as good as blind. */
  const probabilities = (blind: readonly [number, number] = [0, 0]) =>
    Float32Array.from({ length: truth.length * 4 }, (_, at) => {
      const step = Math.floor(at / 4)
      if (step >= blind[0] && step < blind[1]) return 0.25
      return at % 4 === truth[step] ? 0.7 : 0.1
    })
  const read = (over: Partial<Parameters<typeof recordingIntervals>[1]> = {}) =>
    recordingIntervals(process, {
      probabilities: probabilities(),
      classes,
      labels: unknown,
      evidenceWeight: 1,
      ...over,
    })

  it('has every step where it was', () => {
    expect(read().map(({ step, startStep, endStep }) => [step, startStep, endStep])).toEqual([
      ['take', 6, 14],
      ['place', 19, 30],
      ['screw', 34, 52],
      ['take', 61, 68],
      ['place', 72, 84],
    ])
  })

  it('finds a step that nothing shows, where order and durations leave it its place, and is less sure of it', () => {
    const found = read({ probabilities: probabilities([15, 33]) })
    expect(found.map(({ step }) => step)).toEqual(['take', 'place', 'screw', 'take', 'place'])
    expect(found[1]!.startSdSeconds!).toBeGreaterThan(3 * read()[1]!.startSdSeconds!)
  })

  it('keeps what is labelled as it is labelled, against any evidence', () => {
    const labels = unknown.slice()
    labels.fill(2, 34, 44)
    labels.fill(0, 44, 52)
    expect(read({ labels }).map(({ step }) => step)).not.toContain('screw')
  })

  it('says which step the recording cuts', () => {
    const from = (cut: number) =>
      recordingIntervals(process, {
        probabilities: probabilities().subarray(4 * cut),
        classes,
        labels: unknown.subarray(cut),
        evidenceWeight: 1,
      })
    expect(from(9)[0]).toMatchObject({ step: 'take', startStep: 0, censoredStart: true, startSdSeconds: null })
  })
})
