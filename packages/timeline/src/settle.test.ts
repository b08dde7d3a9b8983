import type { StationLink, ViewChain } from '@takt/db'
import { slotOf } from '@takt/domain'
import { describe, expect, it, test } from 'vitest'
import { settle } from './settle.ts'

const second = 1000
const origin = 1_800_000_000_000
const at = (seconds: number) => origin + seconds * second

type Slot = 'embedded' | 'pending' | 'late' | 'dead' | 'lost'

/** Segments of 4 s from the origin on, pending since they ended. */
function chain(slots: readonly Slot[], view: Partial<ViewChain> = {}): ViewChain {
  const links = slots.map((slot, i): StationLink => {
    const range = { startUtcMs: at(4 * i), endUtcMs: at(4 * i + 4) }
    const common = { ...range, viewRevision: `revision of ${view.view ?? 'front'}`, absoluteErrorMs: 20 }
    if (slot === 'lost') return { ...common, kind: 'lost' }
    return { ...common, kind: 'observed', segment: `segment ${i}`, slot, since: range.endUtcMs }
  })
  return { view: 'front', required: true, offsetMs: 0, links, ...view }
}

const settledAt = (chains: readonly ViewChain[], nowSeconds: number, range = { fromSeconds: 0, toSeconds: 600 }) =>
  settle(chains, {
    fromMs: at(range.fromSeconds),
    toMs: at(range.toSeconds),
    nowMs: at(nowSeconds),
    encoder: 'encoder',
  })

/** Slots in a seam's reach of the watermark may still change: they wait. */
const before = (seconds: number) => slotOf(at(seconds) - 550)

describe('a station may be decoded', () => {
  it('up to where its embeddings reach', () => {
    const settled = settledAt([chain(['embedded', 'embedded', 'pending'])], 12)
    expect(settled).toMatchObject({ toSlot: before(8), watermarkMs: at(8), late: [] })
  })

  it('past what is lost or dead, which it does not see', () => {
    const settled = settledAt([chain(['embedded', 'lost', 'dead', 'embedded'])], 16)
    expect(settled.watermarkMs).toBe(at(16))
    expect(settled.gaps.get('front')).toEqual([
      { startUtcMs: at(4), endUtcMs: at(8) },
      { startUtcMs: at(8), endUtcMs: at(12) },
    ])
  })

  it('no further than the range that was read', () => {
    const settled = settledAt([chain(['embedded', 'embedded', 'embedded'])], 12, { fromSeconds: 0, toSeconds: 6 })
    expect(settled.watermarkMs).toBe(at(6))
  })

  it('never back to before where it starts', () => {
    const settled = settledAt([chain(['embedded', 'pending'])], 8, { fromSeconds: 3.9, toSeconds: 60 })
    expect(settled.toSlot).toBe(slotOf(at(3.9)))
  })
})

describe('a pending embedding', () => {
  it('holds the station back for exactly a minute', () => {
    const chains = [chain(['embedded', 'pending', 'embedded'])]
    expect(settledAt(chains, 8 + 60)).toMatchObject({ watermarkMs: at(4), late: [] })
    expect(settledAt(chains, 8 + 60.001)).toMatchObject({
      watermarkMs: at(12),
      late: [{ view: 'revision of front', encoder: 'encoder', segment: 'segment 1' }],
    })
  })

  it('is a gap once it is late, whatever lies behind it', () => {
    const settled = settledAt([chain(['pending', 'embedded', 'pending', 'pending'])], 600)
    expect(settled.late.map(slot => slot.segment)).toEqual(['segment 0', 'segment 2', 'segment 3'])
    expect(settled.gaps.get('front')).toContainEqual({ startUtcMs: at(8), endUtcMs: at(12) })
    expect(settled.gaps.get('front')).not.toContainEqual({ startUtcMs: at(4), endUtcMs: at(8) })
  })

  it('that was late before is not reported again', () => {
    expect(settledAt([chain(['late', 'embedded'])], 9)).toMatchObject({ watermarkMs: at(8), late: [] })
  })
})

describe('a silent camera', () => {
  it('is waited for for a minute, then passed over in strides of 4 s', () => {
    const chains = [chain(['embedded'])]
    expect(settledAt(chains, 4 + 60).watermarkMs).toBe(at(4))
    expect(settledAt(chains, 4 + 63.9).watermarkMs).toBe(at(4))
    const passed = settledAt(chains, 4 + 64)
    expect(passed.watermarkMs).toBe(at(8))
    expect(passed.gaps.get('front')).toEqual([{ startUtcMs: at(4), endUtcMs: at(8) }])
    expect(passed.late).toEqual([])
  })

  it('that never said anything is passed over as well', () => {
    const settled = settledAt([chain([])], 120)
    expect(settled.watermarkMs).toBe(at(60))
    expect(settled.gaps.get('front')).toEqual([{ startUtcMs: at(0), endUtcMs: at(60) }])
  })
})

describe('of several views', () => {
  it('the slowest required one counts, and an optional one is not waited for', () => {
    const front = chain(['embedded', 'embedded', 'embedded'])
    const side = chain(['embedded', 'embedded', 'pending'], { view: 'side' })
    const top = chain(['pending'], { view: 'top', required: false })
    const settled = settledAt([front, side, top], 12)
    expect(settled.watermarkMs).toBe(at(8))
    expect(settled.gaps.get('top')).toEqual([{ startUtcMs: at(0), endUtcMs: at(4) }])
  })

  it('an optional one that is late is marked late too', () => {
    const top = chain(['pending'], { view: 'top', required: false })
    expect(settledAt([chain(['embedded', 'embedded']), top], 100).late).toEqual([
      { view: 'revision of top', encoder: 'encoder', segment: 'segment 0' },
    ])
  })

  it('each is settled in its own time: an offset moves what it says of the station', () => {
    const behind = chain(['embedded', 'pending'], { view: 'side', offsetMs: 1500 })
    expect(settledAt([behind], 8, { fromSeconds: 2, toSeconds: 600 }).watermarkMs).toBe(at(5.5))
    const ahead = chain(['embedded', 'pending'], { view: 'side', offsetMs: -1500 })
    expect(settledAt([ahead], 8).watermarkMs).toBe(at(2.5))
  })
})

test('a station without a required view cannot be decoded, and says so', () => {
  expect(() => settledAt([chain(['embedded'], { required: false })], 10)).toThrow('without a required view')
})
