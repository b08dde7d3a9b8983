import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { decodeFilm, type Film, firstCursor } from '../test/deterministic-segmenter.ts'
import { type Batch, type Cursor, commitBatch, intervalKey, type Recorded } from './cursor.ts'

const nothing: Recorded = { cursor: firstCursor, intervals: new Map() }
const anyFilm = fc.array(fc.constantFrom('pick', 'place', 'screw'), { minLength: 1, maxLength: 80 })

/** What a station holds after one undisturbed run up to a slot. */
function cleanRun(film: Film, to: number): Recorded {
  const batch = decodeFilm(film, firstCursor, to)
  const intervals = new Map(batch.finals.map(i => [intervalKey('station', 'run', i.ordinal), i]))
  return { cursor: to === 0 ? firstCursor : batch.next, intervals }
}

/**
 * Two recorders and two segmenters on one database. Everything ever sent can arrive again, at any time and in any order;
 * anybody can die between any two of these steps, or sleep and go on with what it knew.
 */
type Move =
  | { readonly does: 'read-cursor'; readonly recorder: 0 | 1 }
  | { readonly does: 'subscribe'; readonly recorder: 0 | 1; readonly segmenter: 0 | 1 }
  | { readonly does: 'send'; readonly segmenter: 0 | 1; readonly slots: number }
  | { readonly does: 'commit'; readonly message: number }
  | { readonly does: 'recorder-dies'; readonly recorder: 0 | 1 }
  | { readonly does: 'segmenter-dies'; readonly segmenter: 0 | 1 }

const which = fc.constantFrom<0 | 1>(0, 1)
const anyMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ does: fc.constant('read-cursor' as const), recorder: which }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('subscribe' as const), recorder: which, segmenter: which }) },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('send' as const),
      segmenter: which,
      slots: fc.integer({ min: 0, max: 12 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ does: fc.constant('commit' as const), message: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('recorder-dies' as const), recorder: which }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('segmenter-dies' as const), segmenter: which }) },
)

interface World {
  recorded: Recorded
  readonly known: (Cursor | undefined)[]
  readonly streams: (Cursor | undefined)[]
  readonly sent: Batch[]
}

function play(world: World, film: Film, move: Move): void {
  if (move.does === 'read-cursor') world.known[move.recorder] = world.recorded.cursor
  if (move.does === 'subscribe') world.streams[move.segmenter] = world.known[move.recorder]
  if (move.does === 'recorder-dies') world.known[move.recorder] = undefined
  if (move.does === 'segmenter-dies') world.streams[move.segmenter] = undefined
  if (move.does === 'send') {
    const at = world.streams[move.segmenter]
    if (!at) return
    const batch = decodeFilm(film, at, Math.min(film.length, at.decodedThrough + move.slots))
    world.streams[move.segmenter] = batch.next
    world.sent.push(batch)
  }
  if (move.does === 'commit' && world.sent.length) {
    const batch = world.sent[move.message % world.sent.length]!
    world.recorded = commitBatch(world.recorded, batch).state
  }
}

describe('the commit of batches', () => {
  test('equals one clean run after every step of crashing, sleeping, repeating and reordering actors', () => {
    fc.assert(
      fc.property(anyFilm, fc.array(anyMove, { maxLength: 120 }), (film, moves) => {
        const world: World = { recorded: nothing, known: [], streams: [], sent: [] }
        for (const move of moves) {
          play(world, film, move)
          expect(world.recorded).toEqual(cleanRun(film, world.recorded.cursor.decodedThrough))
        }
        const rest = decodeFilm(film, world.recorded.cursor, film.length)
        expect(commitBatch(world.recorded, rest).state).toEqual(cleanRun(film, film.length))
      }),
      { numRuns: 300 },
    )
  })

  test('changes nothing when a batch is replayed', () => {
    fc.assert(
      fc.property(anyFilm, fc.nat(), (film, at) => {
        const batch = decodeFilm(film, firstCursor, 1 + (at % film.length))
        const once = commitBatch(nothing, batch)
        const twice = commitBatch(once.state, batch)
        expect([once.outcome, twice.outcome]).toEqual(['committed', 'replayed'])
        expect(twice.state).toBe(once.state)
      }),
    )
  })

  const film = ['a', 'a', 'b', 'b', 'c', 'c']
  const half = decodeFilm(film, firstCursor, 3)

  it('of a run that was succeeded is stale', () => {
    const succeeded: Recorded = { ...nothing, cursor: { ...firstCursor, run: 'next run' } }
    expect(commitBatch(succeeded, half)).toEqual({ outcome: 'stale', state: succeeded })
  })

  it('that starts behind or ahead of the cursor is stale', () => {
    const { state } = commitBatch(nothing, half)
    expect(commitBatch(state, decodeFilm(film, firstCursor, 6)).outcome).toBe('stale')
    expect(commitBatch(nothing, decodeFilm(film, half.next, 6)).outcome).toBe('stale')
  })

  it('that only renews provisional intervals moves nothing', () => {
    const idle = decodeFilm(film, half.next, 3)
    const { state } = commitBatch(nothing, half)
    expect(commitBatch(state, idle)).toEqual({ outcome: 'committed', state })
  })

  it.each<[string, Partial<Batch>]>([
    ['runs backwards', { to: -1, next: { ...half.next, decodedThrough: -1 } }],
    ['has a next cursor elsewhere', { next: { ...half.next, decodedThrough: 4 } }],
    ['has a next cursor of another run', { next: { ...half.next, run: 'other' } }],
    ['has finals but no slots', { to: 0, next: { ...half.next, decodedThrough: 0 } }],
    ['skips an ordinal', { finals: half.finals.map(i => ({ ...i, ordinal: i.ordinal + 1 })) }],
    [
      'leaves ordinals out',
      { next: { ...half.next, nextOrdinal: 5 }, finals: half.finals.map(i => ({ ...i, ordinal: 4 })) },
    ],
  ])('that %s is refused', (_, change) => {
    expect(() => commitBatch(nothing, { ...half, ...change })).toThrow(
      expect.objectContaining({ code: 'batch-inconsistent' }),
    )
  })
})
