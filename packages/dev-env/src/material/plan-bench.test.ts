import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { materialDirectory, readLabels, type SourceLabel } from './labels.ts'
import { benchSeconds, benchTruth, planBench } from './plan-bench.ts'
import { framesPerSecond } from './plan-station.ts'

let labels: readonly SourceLabel[]
beforeAll(async () => {
  labels = await readLabels(join(materialDirectory, 'bottle-detection.labels.csv'))
})

test('loops follow each other without gaps and differ in speed, framing and noise', () => {
  const { loops, frameCount } = planBench({ seed: 4, minutes: 5 })
  const ends = loops.map(loop => loop.startFrame + loop.frameCount)
  expect(loops.map(loop => loop.startFrame)).toEqual([0, ...ends.slice(0, -1)])
  expect(frameCount).toBe(ends.at(-1))
  for (const facet of ['speed', 'noiseSeed'] as const)
    expect(new Set(loops.map(loop => loop[facet])).size).toBe(loops.length)
})

test('a step is as much shorter as its loop is faster, and lies inside it', () => {
  const plan = planBench({ seed: 4, minutes: 5 })
  const truth = benchTruth(plan, labels)
  expect(truth).toHaveLength(plan.loops.length * labels.length)
  truth.forEach(({ cycle, startSeconds, endSeconds }, index) => {
    const label = labels[index % labels.length]!
    const { startFrame, frameCount, speed } = plan.loops[cycle]!
    expect((endSeconds - startSeconds) * speed).toBeCloseTo(label.endSeconds - label.startSeconds, 9)
    expect(startSeconds).toBeGreaterThanOrEqual(startFrame / framesPerSecond)
    expect(endSeconds).toBeLessThanOrEqual((startFrame + frameCount) / framesPerSecond)
  })
})

test('hand-made labels are in order, do not overlap and lie in the recording', () => {
  labels.forEach(({ startSeconds, endSeconds }, index) => {
    expect(startSeconds).toBeGreaterThanOrEqual(labels[index - 1]?.endSeconds ?? 0)
    expect(endSeconds).toBeLessThanOrEqual(benchSeconds)
  })
})
