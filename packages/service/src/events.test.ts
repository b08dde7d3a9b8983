import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineEvents, event } from './events.ts'
import { createLogger } from './logger.ts'
import { createRedactor } from './redactor.ts'

const table = defineEvents({
  cameraAdded: event<{ cameraId: string }>({ level: 'info', message: 'camera added' }),
  cameraStalled: event<{ cameraId: string; try: number }>({
    level: 'warn',
    message: 'camera sends nothing',
    repeats: { windowMs: 60_000, key: ({ cameraId }) => cameraId },
  }),
})

describe('events', () => {
  let logged: Record<string, unknown>[]
  let events: ReturnType<typeof table>

  beforeEach(() => {
    vi.useFakeTimers()
    logged = []
    const write = (line: string) => logged.push(JSON.parse(line))
    events = table(createLogger({ service: 'test', level: 'info', redactor: createRedactor(), write }))
  })
  afterEach(() => vi.useRealTimers())

  it('are logged with their name, level, sentence and fields', () => {
    events.cameraAdded({ cameraId: 'c1' })
    expect(logged).toMatchObject([{ event: 'cameraAdded', level: 'info', msg: 'camera added', cameraId: 'c1' }])
  })

  it('that repeat within a window are logged at once and then once more with their number and the last one’s fields', () => {
    for (let attempt = 1; attempt <= 50; attempt += 1) events.cameraStalled({ cameraId: 'c1', try: attempt })
    expect(logged).toMatchObject([{ try: 1 }])
    expect(logged[0]).not.toHaveProperty('repeated')
    vi.advanceTimersByTime(60_000)
    expect(logged).toMatchObject([{ try: 1 }, { try: 50, repeated: 49 }])
  })

  it('of different keys are not folded together', () => {
    events.cameraStalled({ cameraId: 'c1', try: 1 })
    events.cameraStalled({ cameraId: 'c2', try: 1 })
    expect(logged).toHaveLength(2)
  })

  it('that come back after a silent window are logged at once again', () => {
    events.cameraStalled({ cameraId: 'c1', try: 1 })
    vi.advanceTimersByTime(60_000)
    events.cameraStalled({ cameraId: 'c1', try: 2 })
    expect(logged).toMatchObject([{ try: 1 }, { try: 2 }])
  })

  it('that go on for windows are logged once a window', () => {
    for (let second = 0; second < 180; second += 1) {
      events.cameraStalled({ cameraId: 'c1', try: second })
      vi.advanceTimersByTime(1000)
    }
    expect(logged.map(line => line.repeated)).toEqual([undefined, 59, 60, 60])
  })
})
