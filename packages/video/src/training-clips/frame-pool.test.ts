import { setImmediate as tick } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FramePool, type FramePoolOptions } from './frame-pool.ts'

/** Decodes to the position itself, when told to. */
function decoder() {
  const running = new Map<number, PromiseWithResolvers<Uint8Array>>()
  return {
    running,
    decode: (position: number, signal: AbortSignal) => {
      const work = Promise.withResolvers<Uint8Array>()
      signal.addEventListener('abort', () => work.reject(signal.reason))
      running.set(position, work)
      return work.promise.finally(() => running.delete(position))
    },
    async finish(position: number) {
      running.get(position)!.resolve(Uint8Array.of(position))
      for (let i = 0; i < 10; i++) await tick()
    },
  }
}

const open = (options: Partial<FramePoolOptions> & Pick<FramePoolOptions, 'decode'>) =>
  new FramePool({ room: 4, decoders: 2, segmentBytes: 1, signal: new AbortController().signal, ...options })

describe('a pool', () => {
  test('decodes what is due first, then the rest of the window, so many at once', async () => {
    const { running, decode, finish } = decoder()
    await using pool = open({ decode })
    pool.moveTo({ from: 10, to: 14 }, [12, 11])
    expect([...running.keys()]).toEqual([12, 11])
    await finish(12)
    expect([...running.keys()]).toEqual([11, 10])
    await finish(11)
    expect([...running.keys()]).toEqual([10, 13])
    expect(await pool.frames(12)).toEqual(Uint8Array.of(12))
  })

  test('keeps what the window still holds when it moves on, and decodes the new alone', async () => {
    const { running, decode, finish } = decoder()
    await using pool = open({ decode })
    pool.moveTo({ from: 0, to: 2 }, [])
    await finish(0)
    await finish(1)
    pool.moveTo({ from: 1, to: 3 }, [])
    expect([...running.keys()]).toEqual([2])
    expect(await pool.frames(1)).toEqual(Uint8Array.of(1))
    await finish(2)
    expect(pool).toMatchObject({ decodedSegments: 3, residentBytes: 2 })
  })

  test('counts what is being decoded for a window left behind until it has ended', async () => {
    const { running, decode, finish } = decoder()
    await using pool = open({ decode, room: 2 })
    pool.moveTo({ from: 0, to: 2 }, [])
    pool.moveTo({ from: 5, to: 7 }, [5])
    expect(pool.residentBytes).toBe(2)
    expect([...running.keys()]).toEqual([0, 1])
    await finish(1)
    expect([...running.keys()]).toEqual([0, 5])
    expect(pool.residentBytes).toBe(2)
  })

  test('gives each position its own frames within its room, whatever the windows and whenever decoding ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.record({ by: fc.nat(3), width: fc.integer({ min: 1, max: 6 }), due: fc.nat(5) }), {
          maxLength: 12,
        }),
        fc.integer({ min: 1, max: 5 }),
        async (scheduler, moves, decoders) => {
          let most = 0
          await using pool = open({
            room: 6,
            decoders,
            decode: scheduler.scheduleFunction(async position => {
              most = Math.max(most, pool.residentBytes)
              return Uint8Array.of(position)
            }),
          })
          let [from, to] = [0, 0]
          for (const { by, width, due } of moves) {
            from += by
            to = Math.max(to, from + width)
            to = Math.min(to, from + 6)
            const position = from + (due % (to - from))
            pool.moveTo({ from, to }, [position])
            most = Math.max(most, pool.residentBytes)
            expect(await scheduler.waitFor(pool.frames(position))).toEqual(Uint8Array.of(position))
          }
          await scheduler.waitIdle()
          expect(most).toBeLessThanOrEqual(6)
          expect(pool.residentBytes).toBeLessThanOrEqual(6)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('the end of a pool', () => {
  test('by a fault is thrown to everybody who waits or comes later, and nothing more is decoded', async () => {
    const { running, decode } = decoder()
    await using pool = open({ decode })
    pool.moveTo({ from: 0, to: 4 }, [])
    const waiting = pool.frames(1)
    const fault = new Error('store unreachable')
    running.get(0)!.reject(fault)
    await expect(waiting).rejects.toBe(fault)
    await expect(pool.frames(3)).rejects.toBe(fault)
    expect([...running.keys()]).not.toContain(2)
  })

  test('by an abort is thrown at once, even while a decoder takes its time', async () => {
    const abort = new AbortController()
    const slow = Promise.withResolvers<Uint8Array>()
    const pool = open({ decode: () => slow.promise, signal: abort.signal })
    pool.moveTo({ from: 0, to: 1 }, [])
    const waiting = pool.frames(0)
    const reason = new Error('the worker stops')
    abort.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    let disposed = false
    const disposing = pool[Symbol.asyncDispose]().then(() => {
      disposed = true
    })
    await tick()
    expect(disposed).toBe(false)
    slow.resolve(Uint8Array.of(0))
    await disposing
    expect(pool.residentBytes).toBe(0)
  })

  test('by disposal ends what is being decoded and holds nothing', async () => {
    const { running, decode } = decoder()
    const pool = open({ decode })
    pool.moveTo({ from: 0, to: 4 }, [])
    await pool[Symbol.asyncDispose]()
    expect([running.size, pool.residentBytes]).toEqual([0, 0])
    await expect(pool.frames(0)).rejects.toMatchObject({ name: 'AbortError' })
  })
})
