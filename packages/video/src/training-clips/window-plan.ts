import { videoError } from '../errors.ts'
import { hash, permuted } from './keyed-draws.ts'

export type WindowPlanOptions = {
  readonly segments: number
  /** Decoded frames of the longest segment. */
  readonly segmentBytes: number
  readonly limitBytes: number
  readonly clipsPerCall: number
  /** Clips that are cut from a segment each time it is decoded. */
  readonly clipsPerDecode: number
  readonly seed: number
}

/**
 * Which segment every clip of a training run is cut from.
 *
 * All segments lie on a ring in a shuffled order. A window on it moves on by one position every `clipsPerDecode` clips,
 * round and round; the clips between are cut from the window's segments, from each one once before any comes again.
 * It begins with a segment for each clip of the first call and grows to `size`. Where all segments fit, it stands still
 * once it holds them.
 */
export type WindowPlan = {
  readonly segments: number
  readonly seed: number
  readonly clipsPerDecode: number
  /** Positions in the window once it is grown. */
  readonly size: number
  readonly firstSize: number
  /** Positions past the window that there is room for. */
  readonly ahead: number
}

/** Calls whose new segments are decoded before they are due: that much may a decoder lag. */
const CALLS_AHEAD = 4

/** Lays out a run; throws `clips-without-room` where a window of one segment does not fit. */
export function planWindow(options: WindowPlanOptions): WindowPlan {
  const { segments, segmentBytes, limitBytes, clipsPerCall, clipsPerDecode, seed } = options
  const room = Math.floor(limitBytes / segmentBytes)
  const perCall = Math.ceil(clipsPerCall / clipsPerDecode)
  const ahead = CALLS_AHEAD * perCall
  // A call sees the window before and after what it moves on by, all of which has to be there at once.
  const size = segments <= room ? segments : room - ahead - perCall
  if (size < 1) {
    const neededBytes = Math.min(segments, ahead + perCall + 1) * segmentBytes
    throw videoError('clips-without-room', { limitBytes, neededBytes })
  }
  return { segments, seed, clipsPerDecode, size, firstSize: Math.min(size, clipsPerCall), ahead }
}

/** Positions `[from, to)` of the ring, counted on from round to round. */
export type Window = { readonly from: number; readonly to: number }

/** The window that a clip of the run, counted from 0, is cut from. */
export function windowOf(plan: WindowPlan, clip: number): Window {
  const grown = plan.firstSize + Math.floor(clip / plan.clipsPerDecode)
  const to = plan.size === plan.segments ? Math.min(grown, plan.segments) : grown
  return { from: Math.max(0, to - plan.size), to }
}

/** The positions to hold while clips `[first, last]` are due: their windows, and what comes next as far as it fits. */
export function heldFor(plan: WindowPlan, first: number, last: number): Window {
  const to = windowOf(plan, last).to + plan.ahead
  return { from: windowOf(plan, first).from, to: plan.size === plan.segments ? Math.min(to, plan.segments) : to }
}

/** A clip's place: a position of the ring, and a number of [0, 1) that chooses its first frame. */
export type ClipDraw = { readonly position: number; readonly chance: number }

/** What a clip of the run is cut from. */
export function drawClip(plan: WindowPlan, clip: number): ClipDraw {
  const { size, seed } = plan
  const { from, to } = windowOf(plan, clip)
  const round = Math.floor(clip / size)
  const place = permuted(clip % size, size, hash(seed, DEAL, round))
  const width = to - from
  const position = from + ((((place - from) % width) + width) % width)
  return { position, chance: hash(seed, FRAME, clip) * 2 ** -32 }
}

/**
 * The segments that may stand at a position, best first: its own, then all others from a place of the ring that the
 * position draws. The first that can be read is taken, so that one left out moves no other clip.
 */
export function* candidates({ segments, seed }: WindowPlan, position: number): Generator<number, void, undefined> {
  const order = hash(seed, RING)
  const own = position % segments
  yield permuted(own, segments, order)
  const start = hash(seed, STAND_IN, position) % segments
  for (let i = 0; i < segments; i++) {
    const other = (start + i) % segments
    if (other !== own) yield permuted(other, segments, order)
  }
}

/** What is drawn, so that no two draws share their numbers. */
const [RING, DEAL, FRAME, STAND_IN] = [1, 2, 3, 4]
