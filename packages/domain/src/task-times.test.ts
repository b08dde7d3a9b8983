import { expect, test } from 'vitest'
import { taskTimes } from './task-times.ts'

const part = (
  step: string,
  startUtcMs: number,
  endUtcMs: number,
  durationMs: number | null = endUtcMs - startUtcMs,
) => ({
  step,
  startUtcMs,
  endUtcMs,
  durationMs,
  durationSdMs: durationMs === null ? null : 30,
})

test('an interrupted task took what its parts took, and not what lay between them', () => {
  const times = taskTimes([part('pick', 0, 1000), part('screw', 1000, 2000, 990), part('screw', 5000, 5500)])
  expect(times).toEqual([
    { step: 'pick', workMs: 1000, durationMs: 1000, durationSdMs: 30, parts: 1 },
    { step: 'screw', workMs: 1490, durationMs: 1490, durationSdMs: Math.hypot(30, 30), parts: 2 },
  ])
})

test('a task of which a part was not measured has no duration, and what was seen of it', () => {
  expect(taskTimes([part('screw', 0, 1000), part('screw', 2000, 2600, null)])).toEqual([
    { step: 'screw', workMs: 1600, durationMs: null, durationSdMs: null, parts: 2 },
  ])
})
